import type { DeviceChoice } from "../core/settings.js";

/** Which GPUs CUDA shows to a process: numbers or ids, the first one being its GPU 0; "" or -1 hides all. */
const VISIBLE = "CUDA_VISIBLE_DEVICES";

/**
 * Leaves one GPU for TensorFlow to see, or none. It would reserve memory on every one, and tfjs computes on the last: this is
 * the first of those that `CUDA_VISIBLE_DEVICES` names, or the fastest, which CUDA counts as 0. To be called before the
 * library is loaded.
 *
 * @param environment - changed; `CUDA_VISIBLE_DEVICES` stays as it is where it hides all
 */
export function showOneGpu(choice: DeviceChoice, environment: NodeJS.ProcessEnv): void {
  const first = (environment[VISIBLE] ?? "0").split(",", 1)[0]!.trim();
  environment[VISIBLE] = choice === "cpu" ? "-1" : first;
  // Grows as it is needed: others may use the GPU, too.
  environment["TF_FORCE_GPU_ALLOW_GROWTH"] ??= "true";
}
