import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { cleanUpLater } from "./clean-up.js";

/** A file system in memory that is soon full. */
export interface SmallDisk {
  readonly folder: string;
  /** Lets it hold as many files and folders as anybody needs. */
  readonly allowEntries: () => void;
  /** Takes it away with all it holds. */
  readonly remove: () => void;
}

const BYTES = 32 << 20;
const MANY_ENTRIES = 100_000;

/**
 * Mounts a small file system, which does not outlive this process.
 *
 * @param folder - where; made when it is not there
 * @param entries - files and folders it can hold, its root included
 * @returns undefined where mounting is not allowed
 */
export function smallDisk(folder: string, entries: number = MANY_ENTRIES): SmallDisk | undefined {
  mkdirSync(folder, { recursive: true });
  if (!mount(folder, `size=${BYTES},nr_inodes=${entries}`)) return undefined;
  const remove = cleanUpLater(() => {
    // Lazily, when something still holds a file of it open.
    if (spawnSync("umount", [folder]).status !== 0) spawnSync("umount", ["-l", folder]);
  });
  const allowEntries = (): void => {
    if (mount(folder, `remount,nr_inodes=${MANY_ENTRIES}`)) return;
    throw new Error(`the small disk at ${folder} could not be made larger`);
  };
  return { folder, allowEntries, remove };
}

function mount(folder: string, options: string): boolean {
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tickbook-faults", folder]);
  return status === 0;
}
