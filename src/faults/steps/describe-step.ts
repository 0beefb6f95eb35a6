import fs from "node:fs";
import { fileURLToPath } from "node:url";
import type { Step } from "./step-gate.js";

/** Says which step a call is; undefined when it changes nothing. */
export type Describe = (args: readonly unknown[]) => Step | undefined;

const opened = new Map<number, { readonly path: string; readonly isWritten: boolean }>();
const { readlinkSync, constants } = fs;

/** Remembers what a descriptor stands for. */
export function remember(fd: number, args: readonly unknown[]): void {
  opened.set(fd, { path: pathOf(args[0]), isWritten: isWriting(args[1]) });
}

/** Steps of the calls that take paths or descriptors, by the calls' plain names. */
export const DESCRIBE: Readonly<Record<string, Describe>> = {
  open: ([file, flags]) => (isWriting(flags) ? { kind: "open", path: pathOf(file) } : undefined),
  write: ([fd, ...rest]) => describeWrite(fd as number, rest),
  writev: ([fd, buffers, at]) => ({
    kind: "write",
    path: pathOf(fd),
    write: { fd: fd as number, bytes: () => Buffer.concat(buffers as Buffer[]), at: position(at) },
  }),
  ftruncate: ([fd]) => ({ kind: "truncate", path: pathOf(fd) }),
  truncate: ([file]) => ({ kind: "truncate", path: pathOf(file) }),
  fsync: ([fd]) => ({ kind: "sync", path: pathOf(fd) }),
  fdatasync: ([fd]) => ({ kind: "sync", path: pathOf(fd) }),
  close: ([fd]) => {
    const known = opened.get(fd as number);
    opened.delete(fd as number);
    return known?.isWritten === true ? { kind: "close", path: known.path } : undefined;
  },
  rename: ([from, to]) => ({ kind: "rename", path: pathOf(from), to: pathOf(to) }),
  link: ([from, to]) => ({ kind: "link", path: pathOf(from), to: pathOf(to) }),
  symlink: ([, to]) => ({ kind: "open", path: pathOf(to) }),
  copyFile: ([, to]) => ({ kind: "write", path: pathOf(to) }),
  mkdir: ([folder]) => ({ kind: "mkdir", path: pathOf(folder) }),
  mkdtemp: ([prefix]) => ({ kind: "mkdir", path: pathOf(prefix) }),
  unlink: ([file]) => ({ kind: "unlink", path: pathOf(file) }),
  rmdir: ([folder]) => ({ kind: "rmdir", path: pathOf(folder) }),
};

/** A write of a buffer or text with the arguments that follow the descriptor. */
export function describeWrite(fd: number, [data, ...rest]: readonly unknown[]): Step {
  return { kind: "write", path: pathOf(fd), write: { fd, ...written(data, rest) } };
}

function written(
  data: unknown,
  [first, second, third]: readonly unknown[],
): { readonly bytes: () => Buffer; readonly at: number | null } {
  if (!ArrayBuffer.isView(data)) {
    return { bytes: () => Buffer.from(String(data)), at: position(first) };
  }
  const all = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const named = typeof first === "object" && first !== null;
  const {
    offset,
    length,
    position: at,
  } = (named ? first : { offset: first, length: second, position: third }) as Readonly<
    Record<string, unknown>
  >;
  const start = typeof offset === "number" ? offset : 0;
  const size = typeof length === "number" ? length : all.length - start;
  return { bytes: () => all.subarray(start, start + size), at: position(at) };
}

function position(at: unknown): number | null {
  return typeof at === "number" || typeof at === "bigint" ? Number(at) : null;
}

function pathOf(file: unknown): string {
  if (file instanceof URL) return fileURLToPath(file);
  if (typeof file !== "number") return String(file);
  // Another thread may have opened it.
  return opened.get(file)?.path ?? linkOf(file);
}

function linkOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "/";
  }
}

function isWriting(flags: unknown): boolean {
  if (typeof flags === "number") {
    return (flags & (constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT)) !== 0;
  }
  return typeof flags === "string" && /[wa+]/.test(flags);
}
