import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { cleanUpLater } from "./clean-up.js";

/** How much a small disk holds. */
export interface DiskSize {
  /** Bytes of files, in whole pages of 4 KiB. */
  readonly bytes: number;
  /** Files and folders, its root included. */
  readonly entries?: number;
}

/** A file system in memory that is soon full. */
export interface SmallDisk {
  readonly folder: string;
  /** Makes room. */
  readonly resize: (size: DiskSize) => void;
  /** Takes it away with all it holds. */
  readonly remove: () => void;
}

/**
 * Mounts a small file system, which does not outlive this process.
 *
 * @param folder - where; made when it is not there
 * @returns undefined where mounting is not allowed
 */
export function smallDisk(folder: string, size: DiskSize): SmallDisk | undefined {
  mkdirSync(folder, { recursive: true });
  if (!mount(folder, describe(size))) return undefined;
  const remove = cleanUpLater(() => {
    // Lazily, when something still holds a file of it open.
    if (spawnSync("umount", [folder]).status !== 0) spawnSync("umount", ["-l", folder]);
  });
  const resize = (wanted: DiskSize): void => {
    if (mount(folder, `remount,${describe(wanted)}`)) return;
    throw new Error(`the small disk at ${folder} could not be made larger`);
  };
  return { folder, resize, remove };
}

function mount(folder: string, options: string): boolean {
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tickbook-faults", folder]);
  return status === 0;
}

function describe({ bytes, entries }: DiskSize): string {
  return `size=${bytes}${entries === undefined ? "" : `,nr_inodes=${entries}`}`;
}
