import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cpuName, gpuName } from "./device-name.js";
import { deviceText } from "./device-text.js";
import { nvidiaGpus } from "./nvidia-gpus.js";

let scratch = "";
beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), "tickbook-device-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function fileOf(name: string, text: string): string {
  const file = path.join(scratch, name);
  writeFileSync(file, text);
  return file;
}

test.skipIf(arch() === "arm64")(
  "a processor is named by its threads and its widest vectors",
  () => {
    const described = (flags: string): string =>
      fileOf("cpuinfo", `processor\t: 0\nflags\t\t: fpu sse ${flags} smap\nbugs\t\t: spectre_v1\n`);
    expect(cpuName(2, described("avx fma avx2 avx512f avx512dq"))).toBe("CPU, 2 threads, AVX-512");
    expect(cpuName(1, described("avx fma avx2"))).toBe("CPU, 1 thread, AVX2");
    expect(cpuName(4, described("avx"))).toBe("CPU, 4 threads, AVX");
    expect(cpuName(4, described("mmx"))).toBe("CPU, 4 threads");
    expect(cpuName(8, path.join(scratch, "no-such-file"))).toBe("CPU, 8 threads");
  },
);

test("GPUs are read from what the Linux driver tells of each", () => {
  const driver = path.join(scratch, "gpus");
  for (const [place, name, uuid] of [
    ["0000:00:05.0", "NVIDIA A100-SXM4-40GB", "GPU-22"],
    ["0000:00:04.0", "Tesla T4", "GPU-11"],
  ] as const) {
    mkdirSync(path.join(driver, place), { recursive: true });
    const lines = [
      `Model: \t\t ${name}`,
      "IRQ:   \t\t 40",
      `GPU UUID: \t ${uuid}`,
      "Device Minor: \t 0",
    ];
    writeFileSync(path.join(driver, place, "information"), `${lines.join("\n")}\n`);
  }
  expect(nvidiaGpus(driver)).toEqual([
    { name: "Tesla T4", uuid: "GPU-11" },
    { name: "NVIDIA A100-SXM4-40GB", uuid: "GPU-22" },
  ]);
});

test("a GPU has its name where all are alike or its id was given, else it is one of several", () => {
  const t4 = { name: "Tesla T4", uuid: "GPU-11" };
  const a100 = { name: "NVIDIA A100-SXM4-40GB", uuid: "GPU-22" };
  expect(gpuName([t4, { ...t4, uuid: "GPU-12" }], "1")).toBe("Tesla T4");
  expect(gpuName([t4, a100], "GPU-22")).toBe("NVIDIA A100-SXM4-40GB");
  expect(gpuName([t4, a100], "0")).toBe("one of Tesla T4, NVIDIA A100-SXM4-40GB");
  expect(gpuName([], "0")).toBe("GPU");
});

test("what computes is said with the library, and without the native one with the reason", () => {
  const version = "2.19.0";
  expect(deviceText({ backend: "native", version, gpu: true, device: "Tesla T4" })).toBe(
    "computes on Tesla T4, TensorFlow 2.19.0 with CUDA",
  );
  const device = "CPU, 2 threads, AVX2";
  expect(deviceText({ backend: "native", version, gpu: false, device })).toBe(
    "computes on CPU, 2 threads, AVX2, TensorFlow 2.19.0",
  );
  const javascript = { backend: "javascript", version: "4.22.0", gpu: false } as const;
  expect(deviceText({ ...javascript, device: "CPU, 1 thread", reason: "it is not built" })).toBe(
    "computes on CPU, 1 thread, tfjs 4.22.0 in JavaScript, many times slower than the native library (it is not built)",
  );
});
