// The native addon of @tensorflow/tfjs-node-gpu, built from its sources against a TensorFlow library that is here.
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { cached, filesBelow, hashOf, ROOT, textOf, writeWhole } from "./places.mjs";
import { ask, run } from "./run.mjs";
import { hasNvidiaGpu, installedLibrary, LIBRARIES, wheelLibrary } from "./tensorflow-library.mjs";
import { pinnedVersion, unpackWheel } from "./wheels.mjs";

const PACKAGE = path.join(ROOT, "node_modules", "@tensorflow", "tfjs-node-gpu");
const ADDON = path.join(PACKAGE, "lib", "napi-v8", "tfjs_binding.node");
const STAMP = path.join(PACKAGE, "lib", "napi-v8", "tickbook.json");
const VERIFY = path.join(ROOT, "tools", "setup", "verify-tensorflow.cjs");
/** Our own operations, which are linked into the addon and register themselves when it is loaded. */
const KERNELS = path.join(ROOT, "src", "models", "kernels");
/** Raise it when the way of building changes. */
const RECIPE = "2";
/** Kinds of processor that the kernels are compiled for; the one that runs them takes the last it can. */
const PROCESSORS = {
  plain: [],
  ...(process.arch === "x64" && {
    avx2: ["-mavx2", "-mfma"],
    avx512: ["-mavx2", "-mfma", "-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw"],
  }),
};

/**
 * Finds or downloads the library. A failure is returned, not thrown: without it tfjs' JavaScript backend serves.
 *
 * @returns `{ mark, found, value }`; value is `{ library, hasGpu }` or `{ reason }`
 */
export async function findLibrary(python) {
  const hasGpu = hasNvidiaGpu();
  const installed = installedLibrary(python);
  if (installed)
    return { mark: "kept", found: installed.source, value: { library: installed, hasGpu } };
  try {
    const library = await wheelLibrary({ hasGpu });
    const found = library.isNew
      ? `${library.source}, downloaded`
      : `${library.source}, in the cache`;
    return { mark: library.isNew ? "done" : "kept", found, value: { library, hasGpu } };
  } catch (error) {
    return { mark: "warn", found: `none: ${reasonOf(error)}`, value: { reason: reasonOf(error) } };
  }
}

/**
 * Puts the addon into the package and proves it by a matrix product in a process of its own. Where the library in
 * the user's Python does not serve, the pinned wheel is tried.
 */
export async function installAddon({ library, hasGpu, reason }) {
  if (library === undefined) return without(reason);
  const ready = readStamp();
  if (ready?.key === addonKey(library) && existsSync(ADDON))
    return { ...report(ready, hasGpu), mark: "kept" };
  try {
    return report(await buildAndVerify(library), hasGpu);
  } catch (error) {
    if (library.isNew !== undefined) return without(reasonOf(error));
    try {
      return report(await buildAndVerify(await wheelLibrary({ hasGpu })), hasGpu);
    } catch (second) {
      return without(`${reasonOf(error)}; ${reasonOf(second)}`);
    }
  }
}

async function buildAndVerify(library) {
  const key = addonKey(library);
  const { folder } = await cached(`addon-${key}`, (unfinished) => compile(library, unfinished));
  mkdirSync(path.dirname(ADDON), { recursive: true });
  copyFileSync(path.join(folder, "tfjs_binding.node"), `${ADDON}.new`);
  chmodSync(`${ADDON}.new`, 0o755);
  // A process that has the old one open keeps it.
  renameSync(`${ADDON}.new`, ADDON);
  try {
    const { version, gpu } = JSON.parse(
      await run("loading the addon", process.execPath, [VERIFY], { cwd: ROOT }),
    );
    const ready = { key, version, gpu, source: library.source, kernels: kernelsHash() };
    writeWhole(STAMP, `${JSON.stringify(ready)}\n`);
    return ready;
  } catch (error) {
    rmSync(ADDON, { force: true });
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function compile({ folder: tensorflow }, output) {
  const { command, args } = await compiler();
  const scratch = path.join(output, "scratch");
  mkdirSync(scratch);
  const environment = { env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: path.join(scratch, "zig") } };
  const common = [...args, "-fPIC", "-std=c++17"];
  const compiled = Object.entries(PROCESSORS).map(async ([name, flags]) => {
    const object = path.join(scratch, `${name}.o`);
    const source = ["-c", path.join(KERNELS, "kernels.cc"), "-o", object];
    const symbol = `-DTICKBOOK_KERNELS=tickbook_${name}`;
    // Nothing that is compiled for one processor may be called on another, not even a function of the standard library.
    const own = ["-O3", "-fvisibility=hidden", symbol, ...flags];
    await run("compiling the kernels", command, [...common, ...own, ...source], environment);
    return object;
  });
  const objects = await Promise.all(compiled);
  const isMac = process.platform === "darwin";
  await run(
    "compiling the addon",
    command,
    [
      ...common,
      ...(isMac ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"]),
      "-O2",
      ...["-DNAPI_VERSION=8", "-DNODE_GYP_MODULE_NAME=tfjs_binding", "-DBUILDING_NODE_EXTENSION"],
      `-I${path.join(ROOT, "node_modules", "node-api-headers", "include")}`,
      `-I${PACKAGE}`,
      `-I${path.join(tensorflow, "include")}`,
      ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => path.join(PACKAGE, "binding", file)),
      ...["ops.cc", "choose.cc", "parallel.cc"].map((file) => path.join(KERNELS, file)),
      ...objects,
      ...["-o", path.join(output, "tfjs_binding.node")],
      ...LIBRARIES.map((library) => path.join(tensorflow, library)),
      ...["-pthread", `-Wl,-rpath,${tensorflow}`],
    ],
    environment,
  );
  rmSync(scratch, { recursive: true, force: true });
}

/** The machine's C++ compiler; where there is none, the one in the wheel of the Zig language, which needs no root. */
async function compiler() {
  for (const command of [process.env.CXX, "g++", "c++", "clang++"]) {
    if (command && ask(command, ["--version"]) !== undefined) return { command, args: [] };
  }
  const version = pinnedVersion("ziglang");
  const { folder } = await cached(
    `ziglang-${version}-${process.platform}-${process.arch}`,
    (unfinished) => unpackWheel("ziglang", unfinished, ["ziglang/"], { isForPython: false }),
  );
  return { command: path.join(folder, "ziglang", "zig"), args: ["c++"] };
}

function addonKey(library) {
  const sources = filesBelow(path.join(PACKAGE, "binding")).map((file) => ({ file }));
  const machine = `${process.platform}-${process.arch}`;
  return hashOf(RECIPE, library.identity, machine, kernelsHash(), ...sources);
}

function kernelsHash() {
  return hashOf(...filesBelow(KERNELS).map((file) => ({ file })));
}

function readStamp() {
  const text = textOf(STAMP);
  return text === undefined ? undefined : JSON.parse(text);
}

function report({ version, gpu, source }, hasGpu) {
  const device = gpu ? "computes on the GPU" : "computes on the CPU";
  const found = `TensorFlow ${version} from ${source} ${device}`;
  if (hasGpu && !gpu) return { mark: "warn", found: `${found}, though an NVIDIA GPU is there` };
  return { found };
}

function without(reason) {
  return {
    mark: "warn",
    found: `not available (${reason}); tfjs in JavaScript serves, many times slower`,
  };
}

/** What failed, with the last words of the program that did. */
function reasonOf({ message, details = "" }) {
  const last = details.trim().split("\n").at(-1);
  return last ? `${message}: ${last}` : message;
}
