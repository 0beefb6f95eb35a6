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

/** Steps under limits of memory that rise until one is enough; each ends with a loss or an error. */
const SHORT = `
  const { execFileSync } = require("node:child_process");
  const { readFileSync } = require("node:fs");
  const { loadTensorflow } = require("./dist/models/tensorflow.js");
  const { buildLstm, lstmLossAndGradient } = require("./dist/models/lstm.js");
  const { buildTransformer, transformerLossAndGradient } = require("./dist/models/transformer.js");
  const steps = 60, inputSize = 2, MIB = 2 ** 20;
  const limit = (bytes) => execFileSync("prlimit", ["--pid", process.pid, "--as=" + bytes + ":"]);
  const used = () => 1024 * Number(/VmSize:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
  const lstm = buildLstm({ inputSize, steps, units: 128, layers: 1, layerNorm: false }, 1);
  const shape = { width: 128, heads: 4, layers: 1, feedForward: 512, positions: "learned" };
  const transformer = buildTransformer({ inputSize, steps, ...shape }, 1);
  loadTensorflow().then(({ tf }) => {
    const step = (of, model, count) =>
      of(tf, model, { values: new Float32Array(steps * count * inputSize), count }, new Float32Array(count));
    const said = [[lstmLossAndGradient, lstm], [transformerLossAndGradient, transformer]].map(([of, model]) => {
      step(of, model, 4);
      const told = [];
      for (let room = 40; told.at(-1) !== "fine" && room < 1000; room += 10) {
        limit(used() + room * MIB);
        try {
          step(of, model, 512);
          told.push("fine");
        } catch (error) {
          told.push(error.message);
        }
        limit("unlimited");
      }
      return told;
    });
    console.log(JSON.stringify({ said, tensors: tf.memory().numTensors }));
  });`;

const canLimit = process.platform === "linux" && existsSync("/usr/bin/prlimit");

test.skipIf(!canLimit)(
  "a step that lacks memory on its way is an error, and the next one computes",
  async () => {
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" };
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", SHORT], { env });
    const { said, tensors } = JSON.parse(stdout) as { said: readonly string[][]; tensors: number };
    for (const told of said) {
      expect(told.at(-1)).toBe("fine");
      expect(told.filter((one) => one.includes("no memory for what is computed"))).not.toEqual([]);
    }
    expect(tensors).toBe(0);
  },
);
