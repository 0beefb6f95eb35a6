// Which TensorFlow computes here? The native library where the addon is built, else tfjs in JavaScript.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import util from "node:util";
import { readDotEnv } from "../core/dot-env.js";
import { OptionError } from "../core/errors.js";
import { type DeviceChoice, resolveSetting } from "../core/settings.js";
import { readSettingsFile } from "../core/settings-file.js";
import { cpuName, gpuName } from "./device-name.js";
import { nvidiaGpus } from "./nvidia-gpus.js";
import { showOneGpu } from "./visible-gpu.js";

/** The tfjs interface, the same on both backends. */
export type TensorflowJs = typeof import("@tensorflow/tfjs");

/** The one TensorFlow of this process. */
export interface Tensorflow {
  readonly tf: TensorflowJs;
  readonly backend: "native" | "javascript";
  /** Version of the native library, or of tfjs on the JavaScript backend. */
  readonly version: string;
  /** True when the native library computes on a GPU. */
  readonly gpu: boolean;
  /** What computes: `CPU, 2 threads, AVX2`, or the name of the GPU. */
  readonly device: string;
  /** Threads of the CPU that share the work of one operation. */
  readonly threads: number;
  /** Why the native library is not used. */
  readonly reason?: string;
}

interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

let loading: Promise<Tensorflow> | undefined;

/**
 * Loads TensorFlow once; every caller gets the same object. The native addon is taken when it is there and loads;
 * otherwise, or when `TICKBOOK_TENSORFLOW=javascript` is set, tfjs' JavaScript backend serves, many times slower and
 * equal within float tolerance, and `reason` says why. The setting `device` says whether it may, or must, be a GPU.
 *
 * @throws {OptionError} a GPU was asked for, and TensorFlow sees none
 */
export function loadTensorflow(): Promise<Tensorflow> {
  loading ??= load();
  return loading;
}

/** True where our own operations compute on the active backend: the native one, on the CPU. */
export function hasOwnKernels(tf: TensorflowJs): boolean {
  if (tf.getBackend() !== "tensorflow") return false;
  const { isUsingGpuDevice } = tf.backend() as unknown as NativeBackend;
  return !isUsingGpuDevice && nativeKernels() !== undefined;
}

/** As `kernelsIn` says of the addon of this process; asked for once. */
let own: { readonly kernels: string | undefined } | undefined;

/** Hash of our own operations' sources as they are in the native addon; undefined where it was built without them. */
export function nativeKernels(): string | undefined {
  const addon = path.dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  own ??= { kernels: kernelsIn(path.join(addon, "lib", "napi-v8", "tickbook.json")) };
  return own.kernels;
}

/**
 * The hash in what the set-up wrote beside an addon. An addon that somebody built otherwise has nothing beside it, and none of our
 * operations in it.
 */
export function kernelsIn(stamp: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(stamp, "utf8")) as { readonly kernels?: string }).kernels;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function load(): Promise<Tensorflow> {
  const sources = { environment: process.env, dotEnv: readDotEnv(), file: readSettingsFile() };
  const choice = resolveSetting("device", { flags: {}, ...sources }).value as DeviceChoice;
  // The library reads these when it is loaded. 2 leaves errors only.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  // With oneDNN on it prints two lines whatever the level; the fused LSTM kernels do not use it.
  process.env["TF_ENABLE_ONEDNN_OPTS"] ??= "0";
  showOneGpu(choice, process.env);
  const tensorflow = await loadBackend();
  if (choice !== "gpu" || tensorflow.gpu) return tensorflow;
  const { version, reason } = tensorflow;
  throw new OptionError({
    column: "device",
    message: `was "gpu", and ${reason ?? `TensorFlow ${version} sees no GPU`}`,
    fix: "run `npm run setup` where `nvidia-smi` lists one that CUDA_VISIBLE_DEVICES does not hide, or choose auto or cpu",
  });
}

async function loadBackend(): Promise<Tensorflow> {
  if (process.env["TICKBOOK_TENSORFLOW"] === "javascript") {
    return await loadJavascript("TICKBOOK_TENSORFLOW asks for the JavaScript backend");
  }
  try {
    return await loadNative();
  } catch (error) {
    // Whatever keeps an addon from loading (not built, library moved, another platform): tfjs still works.
    return await loadJavascript(firstSentence(error));
  }
}

async function loadNative(): Promise<Tensorflow> {
  // tfjs-node calls this function, which Node 23 removed.
  const patched = util as { isNullOrUndefined?: (value: unknown) => boolean };
  patched.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const tf = unwrap<TensorflowJs>(await import("@tensorflow/tfjs-node-gpu"));
  const { binding, isUsingGpuDevice: gpu } = tf.backend() as unknown as NativeBackend;
  const threads = Number(process.env["TF_NUM_INTRAOP_THREADS"]) || availableParallelism();
  const device = gpu
    ? gpuName(nvidiaGpus(), process.env["CUDA_VISIBLE_DEVICES"] ?? "")
    : cpuName(threads);
  return { tf, backend: "native", version: binding.TF_Version, gpu, device, threads };
}

async function loadJavascript(reason: string): Promise<Tensorflow> {
  const tf = unwrap<TensorflowJs>(await import("@tensorflow/tfjs"));
  // Keeps tfjs from greeting with an advertisement for its native package.
  tf.enableProdMode();
  await tf.setBackend("cpu");
  const here = { gpu: false, device: "CPU, 1 thread", threads: 1 };
  return { tf, backend: "javascript", version: tf.version.tfjs, ...here, reason };
}

/** CommonJS seen through `import()` is the `default` in Node and the namespace itself in a notebook cell. */
function unwrap<Module>(module: unknown): Module {
  return ((module as { default?: Module }).default ?? module) as Module;
}

function firstSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.includes("can not be found at path")
    ? "the native addon is not built; build it with `npm run setup`"
    : (text.split("\n", 1)[0] ?? text);
}
