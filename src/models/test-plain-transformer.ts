// A Transformer in plain loops and doubles, one window at a time and every step of every block, for tests.
import { type TransformerShape, transformerLayout } from "./transformer-shape.js";

type Row = readonly number[];

/** What a window gave. */
interface PlainPass {
  readonly logit: number;
  /** By layer, head and query: weights on each step. */
  readonly weights: readonly (readonly (readonly Row[])[])[];
  /** By layer: the stream after the block, step by step. */
  readonly streams: readonly (readonly Row[])[];
}

/**
 * @param parameters - laid out as `transformerLayout` says
 * @param window - inputs step by step
 * @param keep - factors of dropout by layer, then of what attention and what units add; none: 1
 */
export function plainTransformer(
  shape: TransformerShape,
  parameters: ArrayLike<number>,
  window: readonly Row[],
  keep?: readonly (readonly [attention: Row, units: Row])[],
): PlainPass {
  const { steps, width, heads, layers, positions } = shape;
  const arrays = new Map(
    transformerLayout(shape).map(({ name, start, end }) => {
      return [name, Array.from({ length: end - start }, (_, i) => parameters[start + i]!)];
    }),
  );
  const array = (name: string): Row => arrays.get(name)!;
  const affine = (x: Row, name: string, hasBias = true): Row => {
    const kernel = array(`${name}.kernel`);
    const outputs = kernel.length / x.length;
    const bias = hasBias ? array(`${name}.bias`) : new Array<number>(outputs).fill(0);
    return bias.map((b, j) =>
      x.reduce((sum, value, i) => sum + value * kernel[i * outputs + j]!, b),
    );
  };
  const norm = (x: Row, name: string): Row => {
    const mean = x.reduce((sum, value) => sum + value, 0) / width;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    const [gain, bias] = [array(`${name}.gain`), array(`${name}.bias`)];
    return x.map((value, j) => ((value - mean) / Math.sqrt(variance + 1e-5)) * gain[j]! + bias[j]!);
  };
  const added = (a: Row, b: Row, factors?: Row): Row =>
    a.map((value, j) => value + b[j]! * (factors?.[j] ?? 1));
  const position = (t: number): Row =>
    Array.from({ length: width }, (_, j) => {
      if (positions === "learned") return array("positions")[t * width + j]!;
      const angle = t / 10_000 ** ((2 * Math.floor(j / 2)) / width);
      return j % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    });

  let stream = window.map((x, t) => added(affine(x, "input"), position(t)));
  const weights: Row[][][] = [];
  const streams: Row[][] = [];
  for (let layer = 0; layer < layers; layer++) {
    const kept = keep?.[layer] ?? [undefined, undefined];
    const own = (name: string): string => `block${layer}.${name}`;
    const normed = stream.map((x) => norm(x, own("attention.norm")));
    const [q, k, v] = ["query", "key", "value"].map((name) =>
      normed.map((x) => affine(x, own(`attention.${name}`), false)),
    ) as [Row[], Row[], Row[]];
    const size = width / heads;
    const part = (x: Row, head: number): Row => x.slice(head * size, (head + 1) * size);
    weights.push(
      Array.from({ length: heads }, (_, head) =>
        q.map((query, at) => {
          const scores = k.map((key, t) =>
            t > at ? 0 : Math.exp(dot(part(query, head), part(key, head)) / Math.sqrt(size)),
          );
          const sum = scores.reduce((total, score) => total + score, 0);
          return scores.map((score) => score / sum);
        }),
      ),
    );
    stream = stream.map((x, at) => {
      const read = Array.from({ length: width }, (_, j) =>
        dot(
          weights[layer]![Math.floor(j / size)]![at]!,
          v.map((value) => value[j]!),
        ),
      );
      return added(x, affine(read, own("attention.output")), kept[0]);
    });
    stream = stream.map((x) => {
      const units = affine(norm(x, own("units.norm")), own("units.input")).map((z) =>
        Math.max(0, z),
      );
      return added(x, affine(units, own("units.output")), kept[1]);
    });
    streams.push([...stream]);
  }
  const last = norm(stream[steps - 1]!, "norm");
  const logit = affine(last, "head")[0]! + dot(window[steps - 1]!, array("head.skip"));
  return { logit, weights, streams };
}

function dot(a: Row, b: Row): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
