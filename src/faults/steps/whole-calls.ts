// Calls of several steps, made of the calls of one step each, which are looked up when they run.
import fs, { type PathLike } from "node:fs";
import path from "node:path";
import { callbackify } from "node:util";

type Options = {
  readonly encoding?: BufferEncoding;
  readonly mode?: number;
  readonly flag?: string;
};
type Bytes = string | NodeJS.ArrayBufferView;
const { existsSync, lstatSync, readdirSync } = fs;

/** Puts the calls below in place of Node's own. */
export function replaceWholeCalls(): void {
  const one = { mkdirSync: fs.mkdirSync, mkdir: fs.promises.mkdir };
  const mkdirSync = (folder: PathLike, options?: { recursive?: boolean }): string | undefined => {
    if (options?.recursive !== true) return one.mkdirSync(folder, options) as undefined;
    const missing = missingFolders(String(folder));
    for (const step of missing) ignoring("EEXIST", () => one.mkdirSync(step));
    return missing[0];
  };
  const mkdir = async (
    folder: PathLike,
    options?: { recursive?: boolean },
  ): Promise<string | undefined> => {
    if (options?.recursive !== true) return (await one.mkdir(folder, options)) as undefined;
    const missing = missingFolders(String(folder));
    for (const step of missing) await one.mkdir(step).catch(ignored("EEXIST"));
    return missing[0];
  };
  const promises = { mkdir, rm, writeFile: writer("w"), appendFile: writer("a") };
  Object.assign(fs.promises, promises);
  Object.assign(fs, { mkdirSync, rmSync, writeFileSync: writerSync("w") });
  Object.assign(fs, { appendFileSync: writerSync("a") });
  for (const [name, call] of Object.entries(promises)) {
    const withCallback = callbackify(call as (...args: unknown[]) => Promise<unknown>);
    Object.assign(fs, { [name]: withCallback });
  }
}

function missingFolders(folder: string): readonly string[] {
  const missing: string[] = [];
  let step = path.resolve(folder);
  for (; !existsSync(step); step = path.dirname(step)) missing.unshift(step);
  return missing;
}

function writerSync(
  flag: string,
): (target: PathLike | number, data: Bytes, given?: unknown) => void {
  return (target, data, given) => {
    const options = optionsOf(given);
    const fd =
      typeof target === "number" ? target : fs.openSync(target, options.flag ?? flag, options.mode);
    try {
      const bytes = bytesOf(data, options);
      for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at);
    } finally {
      if (fd !== target) fs.closeSync(fd);
    }
  };
}

function writer(
  flag: string,
): (target: PathLike | fs.promises.FileHandle, data: Bytes, given?: unknown) => Promise<void> {
  return async (target, data, given) => {
    const options = optionsOf(given);
    const isPath = typeof target === "string" || target instanceof URL || Buffer.isBuffer(target);
    const handle = isPath
      ? await fs.promises.open(target, options.flag ?? flag, options.mode)
      : (target as fs.promises.FileHandle);
    try {
      await handle.writeFile(data as string, { encoding: options.encoding ?? "utf8" });
    } finally {
      if (isPath) await handle.close();
    }
  };
}

type Removal = { readonly recursive?: boolean; readonly force?: boolean };

function rmSync(file: PathLike, options: Removal = {}): void {
  try {
    if (!lstatSync(file).isDirectory()) {
      fs.unlinkSync(file);
      return;
    }
    requireRecursive(options);
    for (const name of readdirSync(file)) rmSync(path.join(String(file), name), options);
    fs.rmdirSync(file);
  } catch (error) {
    if (options.force !== true || !isMissing(error)) throw error;
  }
}

async function rm(file: PathLike, options: Removal = {}): Promise<void> {
  try {
    if (!lstatSync(file).isDirectory()) return await fs.promises.unlink(file);
    requireRecursive(options);
    for (const name of readdirSync(file)) await rm(path.join(String(file), name), options);
    await fs.promises.rmdir(file);
  } catch (error) {
    if (options.force !== true || !isMissing(error)) throw error;
  }
}

function requireRecursive({ recursive }: Removal): void {
  if (recursive === true) return;
  throw Object.assign(new Error("is a directory"), { code: "ERR_FS_EISDIR" });
}

function optionsOf(given: unknown): Options {
  return typeof given === "string"
    ? { encoding: given as BufferEncoding }
    : ((given ?? {}) as Options);
}

function bytesOf(data: Bytes, { encoding }: Options): Buffer {
  if (typeof data === "string") return Buffer.from(data, encoding ?? "utf8");
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

function ignoring(code: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    ignored(code)(error);
  }
}

function ignored(code: string): (error: unknown) => undefined {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
  };
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
