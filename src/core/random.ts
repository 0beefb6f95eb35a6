/** A stream of random numbers that its seed and name determine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential with mean 1. */
  exponential(): number;
  /** Poisson count with the given mean. */
  poisson(mean: number): number;
  /** Whole number in [0, n). */
  below(n: number): number;
}

/**
 * Seeded random numbers by the sfc32 generator. Streams with different names are independent, so that adding draws to
 * one part of a simulation leaves the others as they were.
 *
 * @param seed - whole number
 * @param name - what the stream is for
 * @see Doty-Humphrey, PractRand: sfc32
 */
export function seededRandom(seed: number, name = ""): Random {
  let [a, b, c] = hashWords(`${seed}/${name}`);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) next();

  let spare = Number.NaN;
  const uniform = (): number => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
  const exponential = (): number => -Math.log(1 - uniform());
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    // Marsaglia's polar method: two normals from a point in the unit disc.
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const r2 = x * x + y * y;
      if (r2 >= 1 || r2 === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(r2)) / r2);
      spare = y * scale;
      return x * scale;
    }
  };
  const poisson = (mean: number): number => {
    // Arrivals of a unit-rate process before `mean`: exact, and means here are below some hundreds.
    let count = 0;
    for (let time = exponential(); time < mean; time += exponential()) count++;
    return count;
  };
  return { uniform, normal, exponential, poisson, below: (n) => Math.floor(uniform() * n) };
}

/** Three 32-bit words from a text (FNV-1a with three offsets). */
function hashWords(text: string): [number, number, number] {
  const word = (offset: number): number => {
    let hash = (0x811c9dc5 ^ offset) | 0;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return hash;
  };
  return [word(0), word(0x9e3779b9), word(0x85ebca6b)];
}
