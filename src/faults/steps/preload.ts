// Loaded into a child before its own code, in every thread (`node --require`): counts each step below a folder, writes
// it down, and ends the process before or in the middle of the one that the plan names.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DESCRIBE, type Describe, describeWrite, remember } from "./describe-step.js";
import { begin, end } from "./step-gate.js";
import { replaceWholeCalls } from "./whole-calls.js";

type Call = (this: unknown, ...args: unknown[]) => unknown;
type Calls = Record<string, Call>;

const withCallbacks = fs as unknown as Calls;
const withPromises = fs.promises as unknown as Calls;

for (const [name, describe] of Object.entries(DESCRIBE)) {
  patchSync(`${name}Sync`, describe);
  patchCallback(name, describe);
  if (name in withPromises) patchPromise(withPromises, name, describe);
}
rememberOpened();
replaceWholeCalls();
syncBuiltinESMExports();

function patchSync(name: string, describe: Describe): void {
  const original = withCallbacks[name]!;
  withCallbacks[name] = function (...args) {
    const step = describe(args);
    const started = step === undefined ? undefined : begin(step);
    try {
      const result = original.apply(this, args);
      end(started);
      return result;
    } catch (error) {
      end(started, error);
      throw error;
    }
  };
}

function patchCallback(name: string, describe: Describe): void {
  const original = withCallbacks[name]!;
  withCallbacks[name] = function (...args) {
    const callback = args.at(-1);
    const step = describe(args);
    const started = step === undefined ? undefined : begin(step);
    if (typeof callback !== "function") return original.apply(this, args);
    const told = (error: unknown, ...rest: unknown[]): unknown => {
      end(started, error ?? undefined);
      return (callback as Call)(error, ...rest);
    };
    return original.apply(this, [...args.slice(0, -1), told]);
  };
}

function patchPromise(calls: Calls, name: string, describe: Describe): void {
  const original = calls[name]!;
  calls[name] = async function (...args) {
    const step = describe.call(this, args);
    const started = step === undefined ? undefined : begin(step);
    try {
      const result = await original.apply(this, args);
      end(started);
      return result;
    } catch (error) {
      end(started, error);
      throw error;
    }
  };
}

/** Whatever way a file is opened, later calls on its descriptor are known by its path. */
function rememberOpened(): void {
  const { openSync, open } = withCallbacks as { openSync: Call; open: Call };
  const promised = withPromises["open"]!;
  withCallbacks["openSync"] = function (...args) {
    const fd = openSync.apply(this, args);
    remember(fd as number, args);
    return fd;
  };
  withCallbacks["open"] = function (...args) {
    const callback = args.at(-1) as Call;
    const told = (error: unknown, fd: unknown): unknown => {
      if (typeof fd === "number") remember(fd, args.slice(0, -1));
      return callback(error, fd);
    };
    return open.apply(this, [...args.slice(0, -1), told]);
  };
  withPromises["open"] = async function (...args) {
    const handle = (await promised.apply(this, args)) as fs.promises.FileHandle;
    remember(handle.fd, args);
    patchHandles(Object.getPrototypeOf(handle) as Calls);
    // Each handle has a `close` of its own.
    patchPromise(handle as unknown as Calls, "close", byDescriptor("close"));
    return handle;
  };
}

function byDescriptor(name: string): Describe {
  return function (this: unknown, args) {
    return DESCRIBE[name]!([(this as fs.promises.FileHandle).fd, ...args]);
  } as Describe;
}

let arePatched = false;

/** The class of file handles is known with the first of them. */
function patchHandles(handles: Calls): void {
  if (arePatched) return;
  arePatched = true;
  const whole = function (this: unknown, args: readonly unknown[]) {
    return describeWrite((this as fs.promises.FileHandle).fd, [args[0]]);
  } as Describe;
  for (const name of ["write", "writev"]) patchPromise(handles, name, byDescriptor(name));
  patchPromise(handles, "sync", byDescriptor("fsync"));
  patchPromise(handles, "datasync", byDescriptor("fdatasync"));
  patchPromise(handles, "truncate", byDescriptor("ftruncate"));
  for (const name of ["writeFile", "appendFile"]) patchPromise(handles, name, whole);
}
