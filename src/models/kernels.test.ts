import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** Sum of squares and values of gradients of a small LSTM and a small Transformer, by native operations or without them. */
const CODE = `
  const { loadTensorflow } = require("./dist/models/tensorflow.js");
  const { buildLstm, lstmLossAndGradient } = require("./dist/models/lstm.js");
  const { buildTransformer, transformerLossAndGradient } = require("./dist/models/transformer.js");
  const steps = 9, count = 21, inputSize = 5;
  const values = new Float32Array(steps * count * inputSize).map((_, i) => Math.cos(7 * i));
  const outcome = new Float32Array(count).map((_, i) => i % 2);
  const stirred = (model) => {
    model.parameters.forEach((_, i, all) => { all[i] += Math.sin(i) / 5; });
    return model;
  };
  loadTensorflow().then(({ tf }) => {
    const lstm = stirred(buildLstm({ inputSize, steps, units: 19, layers: 2, layerNorm: false }, 1));
    const shape = { width: 12, heads: 3, layers: 2, feedForward: 20, positions: "learned" };
    const transformer = stirred(buildTransformer({ inputSize, steps, ...shape }, 1));
    const windows = { values, count };
    const of = (how) => [
      lstmLossAndGradient(tf, lstm, windows, outcome, how ? { kernel: "fused" } : { kernel: "loops" }),
      transformerLossAndGradient(tf, transformer, windows, outcome, how ? { block: "fused" } : { block: "plain" }),
    ].map(({ loss, gradient }) => ({ loss, gradient: [...gradient] }));
    console.log(JSON.stringify({ own: of(true), others: of(false) }));
  });`;

interface Pass {
  readonly loss: number;
  readonly gradient: readonly number[];
}

test("the kernels of every kind of processor give the numbers of other code", async () => {
  const seen = new Set<string>();
  for (const processor of ["plain", "avx2", "avx512"]) {
    const env = { ...process.env, TICKBOOK_PROCESSOR: processor };
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", CODE], { env });
    const { own, others } = JSON.parse(stdout) as { own: readonly Pass[]; others: readonly Pass[] };
    own.forEach(({ loss, gradient }, i) => {
      expect(loss).toBeCloseTo(others[i]!.loss, 5);
      const gaps = gradient.map((value, j) => Math.abs(value - others[i]!.gradient[j]!));
      expect(Math.max(...gaps), `${processor} ${i}`).toBeLessThan(1e-5);
    });
    seen.add(JSON.stringify(own));
  }
  // Sums in another order have other last bits: so it is seen that other kernels ran. A machine that lacks a kind of vectors runs
  // lesser kernels in its stead.
  const flags = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
  const kinds = ["avx512bw", "avx2"].filter((flag) => flags.includes(` ${flag} `));
  expect(seen.size).toBe(1 + kinds.length);
});
