// Which TensorFlow computes here? The native library where the addon is built, else tfjs in JavaScript.
import { readFileSync } from "node:fs";
import path from "node:path";
import util from "node:util";

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
 * equal within float tolerance, and `reason` says why.
 */
export function loadTensorflow(): Promise<Tensorflow> {
  loading ??= load();
  return loading;
}

/** What the set-up wrote beside the addon when it was built; asked for once. */
let built: { readonly kernels?: string } | undefined;

/** Hash of our own operations' sources as they are in the native addon; undefined where it was built without them. */
export function nativeKernels(): string | undefined {
  built ??= JSON.parse(readFileSync(addonStamp(), "utf8")) as { readonly kernels?: string };
  return built.kernels;
}

function addonStamp(): string {
  const folder = path.dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  return path.join(folder, "lib", "napi-v8", "tickbook.json");
}

async function load(): Promise<Tensorflow> {
  // The library reads these when it is loaded. 2 leaves errors only.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  // With oneDNN on it prints two lines whatever the level; the fused LSTM kernels do not use it.
  process.env["TF_ENABLE_ONEDNN_OPTS"] ??= "0";
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
  const backend = tf.backend() as unknown as NativeBackend;
  return {
    tf,
    backend: "native",
    version: backend.binding.TF_Version,
    gpu: backend.isUsingGpuDevice,
  };
}

async function loadJavascript(reason: string): Promise<Tensorflow> {
  const tf = unwrap<TensorflowJs>(await import("@tensorflow/tfjs"));
  // Keeps tfjs from greeting with an advertisement for its native package.
  tf.enableProdMode();
  await tf.setBackend("cpu");
  return { tf, backend: "javascript", version: tf.version.tfjs, gpu: false, reason };
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
