/**
 * Sines and cosines that tell steps apart, half each, of wavelengths from 2π to 2π · 10,000 steps:
 * sin(t/10000^(2i/width)) at 2i, the cosine of the same at 2i + 1.
 *
 * @returns steps × width
 * @see Vaswani et al. (2017), Attention Is All You Need
 */
export function sinusoidalPositions(steps: number, width: number): Float32Array {
  return Float32Array.from({ length: steps * width }, (_, at) => {
    const step = Math.floor(at / width);
    const i = at % width;
    const angle = step / 10_000 ** ((i - (i % 2)) / width);
    return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}
