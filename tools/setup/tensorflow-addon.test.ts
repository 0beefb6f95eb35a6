// Which TensorFlow the addon is built against, with and without a GPU: driver, pip, compiler and package are stand-ins that
// note what they were asked for. `node tools/try-tensorflow.mjs` builds against real wheels.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const ROOT = path.resolve(__dirname, "..", "..");
const PACKAGE = path.join("node_modules", "@tensorflow", "tfjs-node-gpu");
let clone = "";
let python = "";

beforeAll(() => {
  clone = mkdtempSync(path.join(tmpdir(), "tickbook-addon-"));
  for (const part of ["tools", path.join("src", "models", "kernels")]) {
    cpSync(path.join(ROOT, part), path.join(clone, part), { recursive: true });
  }
  python = program(path.join(".venv", "bin", "python"), PIP);
  program(path.join("bin", "nvidia-smi"), NVIDIA_SMI);
  program(path.join("bin", "compiler"), COMPILER);
  const pack = path.join(clone, PACKAGE);
  mkdirSync(path.join(pack, "binding"), { recursive: true });
  writeFileSync(path.join(pack, "index.js"), TFJS);
});
beforeEach(() => {
  for (const name of ["cache", "log.txt", path.join(PACKAGE, "lib")])
    rmSync(path.join(clone, name), { recursive: true, force: true });
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

function program(name: string, script: string): string {
  const file = path.join(clone, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}`, { mode: 0o755 });
  return file;
}

const NVIDIA_SMI = '[ "$1" = -L ] && [ -n "$FAKE_GPU" ] && echo "GPU 0: Tesla T4 (UUID: GPU-11)"\n';

/** Notes its arguments; answers where TensorFlow is, downloads an empty wheel, unpacks what a wheel of TensorFlow has. */
const PIP = `
[ "$1" = -c ] && { echo "$FAKE_TENSORFLOW"; exit 0; }
[ "$1" != -m ] && {
  mkdir -p "$3/tensorflow" "$3/tensorflow.dist-info" && cd "$3" || exit 1
  touch tensorflow/libtensorflow_cc.so.2 tensorflow/libtensorflow_framework.so.2
  printf 'Requires-Dist: numpy>=1\\nRequires-Dist: nvidia-cudnn-cu12<10.0,>=9.3 ; extra == "and-cuda"\\n' > tensorflow.dist-info/METADATA
  exit 0
}
echo "$@" >> "$FAKE_LOG"
[ "$3" = install ] && exit "$FAKE_CUDA_EXIT"
while [ "$1" != -d ]; do shift; done
head -n 1 "$4" >> "$FAKE_LOG"; touch "$2/some.whl"
`;

const COMPILER = `
[ "$1" = --version ] && exit 0
echo "compiler $@" >> "$FAKE_LOG"
while [ "$1" != -o ]; do shift; done
touch "$2"
`;

const TFJS = `
const tensor = (...values) => ({ dataSync: () => values });
module.exports = {
  ones: tensor, zeros: tensor, matMul: () => tensor(11),
  backend: () => ({
    binding: { TF_Version: "2.99.0" },
    isUsingGpuDevice: process.env.FAKE_USES_GPU === "1",
    executeMultipleOutputs: () => [tensor(0), tensor(0), tensor(0.5, 0.5, 0, 0.5)],
  }),
};
`;

/** Runs both steps of the set-up and tells what they found, and what programs they ran. */
function setUp(environment: Record<string, string>): {
  readonly found: string;
  readonly log: string;
} {
  const script = `
import { findLibrary, installAddon } from "./tools/setup/tensorflow-addon.mjs";
const { value } = await findLibrary({ executable: ${JSON.stringify(python)} });
console.log(JSON.stringify(await installAddon(value)));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: clone,
    encoding: "utf8",
    env: {
      PATH: `${path.join(clone, "bin")}${path.delimiter}/usr/bin${path.delimiter}/bin`,
      CXX: path.join(clone, "bin", "compiler"),
      TICKBOOK_CACHE: path.join(clone, "cache"),
      FAKE_LOG: path.join(clone, "log.txt"),
      FAKE_CUDA_EXIT: "0",
      ...environment,
    },
  });
  expect(stderr).toBe("");
  const { mark = "done", found } = JSON.parse(stdout) as {
    readonly mark?: string;
    readonly found: string;
  };
  return { found: `${mark}: ${found}`, log: readFileSync(path.join(clone, "log.txt"), "utf8") };
}

/** A package `tensorflow` as Python has it, with or without what an addon is built against. */
function installed(name: string, { isWhole }: { readonly isWhole: boolean }): string {
  const folder = path.join(clone, name, "tensorflow");
  mkdirSync(path.join(folder, "include", "tensorflow", "c"), { recursive: true });
  if (!isWhole) return folder;
  for (const file of [
    "libtensorflow_cc.so.2",
    "libtensorflow_framework.so.2",
    "include/tensorflow/c/c_api.h",
  ]) {
    writeFileSync(path.join(folder, file), "");
  }
  return folder;
}

describe.skipIf(`${process.platform} ${process.arch}` !== "linux x64")("on Linux", () => {
  test("where a GPU is seen the CUDA build is taken, with the CUDA libraries that it names beside it", () => {
    const { found, log } = setUp({ FAKE_GPU: "1", FAKE_USES_GPU: "1" });
    expect(found).toMatch(
      /^done: TensorFlow 2\.99\.0 from tensorflow 2\.\S+ with CUDA computes on the GPU$/,
    );
    expect(log).toMatch(/^tensorflow==2\./m);
    const [, target] = /install --target (\S+) .* nvidia-cudnn-cu12<10\.0,>=9\.3$/m.exec(log)!;
    expect(log).toMatch(/^compiler .*-Wl,-rpath,\S+-cuda-\S+\/tensorflow$/m);
    expect(path.dirname(target!)).toBe(path.join(clone, "cache"));
    expect(log).not.toContain("numpy");
  });

  test("CUDA libraries that cannot be had leave the CPU build, and a warning", () => {
    const { found, log } = setUp({ FAKE_GPU: "1", FAKE_CUDA_EXIT: "1" });
    expect(found).toMatch(
      /^warn: TensorFlow 2\.99\.0 from tensorflow-cpu .* computes on the CPU, though an NVIDIA GPU is there$/,
    );
    expect(log).toMatch(/^tensorflow==2\.[\s\S]*^tensorflow-cpu==2\./m);
    expect(log).toMatch(/-rpath,\S+-cpu-\S+\/tensorflow$/m);
  });

  test.each([
    { TICKBOOK_DEVICE: "cpu" },
    { CUDA_VISIBLE_DEVICES: "" },
    { CUDA_VISIBLE_DEVICES: "-1" },
  ])("a GPU that is declined or hidden by %j is downloaded nothing for", (choice) => {
    const { found, log } = setUp({ FAKE_GPU: "1", ...(choice as Record<string, string>) });
    expect(found).toMatch(/^done: .* from tensorflow-cpu .* computes on the CPU$/);
    expect(log).not.toMatch(/^tensorflow==|nvidia/m);
  });

  test("a TensorFlow in Python is built against where it lies, and nothing is downloaded", () => {
    const folder = installed("site-packages", { isWhole: true });
    const { found, log } = setUp({ FAKE_TENSORFLOW: folder, FAKE_GPU: "1", FAKE_USES_GPU: "1" });
    expect(found).toMatch(
      /^done: TensorFlow 2\.99\.0 from the TensorFlow in your Python computes on the GPU$/,
    );
    const compiled = log.split("\n").filter((line) => line !== "");
    expect(compiled.every((line) => line.startsWith("compiler "))).toBe(true);
    const linked = compiled.at(-1)!.split(" ");
    for (const part of [
      `-I${path.join(folder, "include")}`,
      path.join(folder, "libtensorflow_cc.so.2"),
      path.join(folder, "libtensorflow_framework.so.2"),
      `-Wl,-rpath,${folder}`,
    ]) {
      expect(linked).toContain(part);
    }
  });

  test("a TensorFlow in Python without library and headers is passed over", () => {
    const { found } = setUp({ FAKE_TENSORFLOW: installed("keras-only", { isWhole: false }) });
    expect(found).toMatch(/^done: .* from tensorflow-cpu 2\./);
  });
});
