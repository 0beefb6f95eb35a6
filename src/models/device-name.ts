// What is the device called that TensorFlow computes on?
import { readFileSync } from "node:fs";
import { arch } from "node:os";
import type { NvidiaGpu } from "./nvidia-gpus.js";

/** Instruction sets for vectors of floats, the widest first, by the flag under which Linux lists them. */
const VECTOR_SETS: readonly (readonly [flag: string, name: string])[] = [
  ["avx512f", "AVX-512"],
  ["avx2", "AVX2"],
  ["avx", "AVX"],
];

/**
 * The processor: `CPU, 2 threads, AVX2`.
 *
 * @param threads - that share the work of one operation
 * @param file - where Linux describes it; where there is none, the instruction set is left out
 */
export function cpuName(threads: number, file = "/proc/cpuinfo"): string {
  return `CPU, ${cpuSums(threads, file)}`;
}

/**
 * What decides in which order a sum is made on the processor, and so its last bits: `2 threads, AVX2`.
 *
 * @param threads - as of `cpuName`
 * @param file - as of `cpuName`
 */
export function cpuSums(threads: number, file = "/proc/cpuinfo"): string {
  const share = `${threads} ${threads === 1 ? "thread" : "threads"}`;
  return [share, ...vectorSet(file)].join(", ");
}

function vectorSet(file: string): readonly string[] {
  if (arch() === "arm64") return ["NEON"];
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync(file, "utf8"))?.[1]?.split(" ") ?? [];
    const found = VECTOR_SETS.find(([flag]) => flags.includes(flag));
    return found === undefined ? [] : [found[1]];
  } catch {
    // Not Linux.
    return [];
  }
}

/**
 * The GPU that CUDA was shown. The driver lists GPUs in another order than CUDA counts them in, so that a number says which
 * only where all are alike.
 *
 * @param gpus - of the machine
 * @param visible - what `CUDA_VISIBLE_DEVICES` held: one number, or the beginning of one id
 */
export function gpuName(gpus: readonly NvidiaGpu[], visible: string): string {
  const shown = gpus.filter(({ uuid }) => visible !== "" && uuid.startsWith(visible));
  const names = new Set((shown.length > 0 ? shown : gpus).map(({ name }) => name));
  if (names.size === 0) return "GPU";
  return names.size === 1 ? [...names][0]! : `one of ${[...names].join(", ")}`;
}
