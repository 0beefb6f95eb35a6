import type { Tensorflow } from "./tensorflow.js";

/**
 * What computes here, for people: `computes on Tesla T4, TensorFlow 2.19.0 with CUDA`. Without the native library it says why.
 */
export function deviceText({
  backend,
  version,
  gpu,
  device,
  reason,
}: Pick<Tensorflow, "backend" | "version" | "gpu" | "device" | "reason">): string {
  const where = `computes on ${device}`;
  if (backend === "native") return `${where}, TensorFlow ${version}${gpu ? " with CUDA" : ""}`;
  return `${where}, tfjs ${version} in JavaScript, many times slower than the native library (${reason})`;
}
