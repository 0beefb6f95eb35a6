// TensorFlow's C library: the one in the user's Python, else the one out of a pinned wheel.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { cached, hashOf, VENV_PYTHON } from "./places.mjs";
import { ask, run } from "./run.mjs";
import { SetupError } from "./terminal.mjs";
import { pinnedVersion, unpackWheel, wheelPlatforms } from "./wheels.mjs";

/** File names of the two libraries. */
export const LIBRARIES =
  process.platform === "darwin"
    ? ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"]
    : ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

/** What the addon's source files include, directly or not. */
const HEADERS = [
  "tensorflow/c",
  "tensorflow/core/common_runtime/next_pluggable_device/c",
  "tensorflow/core/platform",
  "tsl/platform",
  "xla/tsl/c",
];

/** True where an NVIDIA driver answers, and its GPUs are neither hidden nor declined. */
export function hasNvidiaGpu() {
  const isHidden = ["", "-1"].includes(process.env.CUDA_VISIBLE_DEVICES ?? "0");
  if (isHidden || process.env.TICKBOOK_DEVICE === "cpu") return false;
  return ask("nvidia-smi", ["-L"])?.includes("GPU") === true;
}

/**
 * TensorFlow that is installed in the user's Python, found without importing it.
 *
 * @returns `{ folder, source, identity }`, or undefined when there is none or it has no C library and headers
 */
export function installedLibrary(python) {
  const question = `
import importlib.util as i
spec = i.find_spec("tensorflow")
print(list(spec.submodule_search_locations)[0] if spec and spec.submodule_search_locations else "")`;
  const folder = ask(python.executable, ["-c", question]);
  if (!folder) return undefined;
  const needed = [...LIBRARIES, "include/tensorflow/c/c_api.h"].map((name) =>
    path.join(folder, name),
  );
  if (!needed.every((file) => existsSync(file))) return undefined;
  const { size, mtimeMs } = statSync(needed[0]);
  return {
    folder,
    source: "the TensorFlow in your Python",
    identity: `${folder} ${size} ${mtimeMs}`,
  };
}

/**
 * TensorFlow from a wheel in the cache, downloaded when it is not there. With a GPU it is the CUDA build together
 * with the CUDA libraries it asks for, which lie beside it, where it looks for them; if they cannot be had, the CPU
 * build serves.
 *
 * @throws {SetupError} there is no wheel for this platform, or it could not be downloaded
 */
export async function wheelLibrary({ hasGpu }) {
  if (wheelPlatforms().length === 0) {
    throw new SetupError(
      `TensorFlow has no wheel for ${process.platform} ${process.arch} that could serve`,
    );
  }
  const cpu = process.arch === "x64" ? "tensorflow-cpu" : "tensorflow";
  const canUseCuda = hasGpu && process.platform === "linux" && process.arch === "x64";
  if (!canUseCuda) return unpacked(cpu, { isCuda: false });
  return unpacked("tensorflow", { isCuda: true }).catch(() => unpacked(cpu, { isCuda: false }));
}

async function unpacked(name, { isCuda }) {
  const version = pinnedVersion(name);
  const kind = isCuda ? "cuda" : "cpu";
  const { folder, isNew } = await cached(
    `tensorflow-${version}-${kind}-${hashOf(...HEADERS)}-${process.platform}-${process.arch}`,
    async (unfinished) => {
      const headers = HEADERS.map((header) => `tensorflow/include/${header}/`);
      const info = `${name.replaceAll("-", "_")}-${version}.dist-info/`;
      await unpackWheel(name, unfinished, ["tensorflow/libtensorflow", ...headers, info], {
        isForPython: true,
      });
      if (isCuda) await addCuda(unfinished);
    },
  );
  const source = `${name} ${version}${isCuda ? " with CUDA" : ""}`;
  return { folder: path.join(folder, "tensorflow"), source, identity: folder, isNew };
}

/** Installs the NVIDIA wheels that TensorFlow's own metadata names under `and-cuda` beside it. */
async function addCuda(folder) {
  const info = readdirSync(folder).find((name) => name.endsWith(".dist-info"));
  const lines = readFileSync(path.join(folder, info, "METADATA"), "utf8").split("\n");
  const wanted = lines
    .map((line) => line.match(/^Requires-Dist: ([^;]+); extra == "and-cuda"/)?.[1].trim())
    .filter((requirement) => requirement !== undefined);
  const flags = [
    "-q",
    "--no-deps",
    "--no-compile",
    "--only-binary=:all:",
    "--disable-pip-version-check",
  ];
  await run("pip install of the CUDA libraries", VENV_PYTHON, [
    ...["-m", "pip", "install", "--target", folder],
    ...flags,
    ...wanted,
  ]);
}
