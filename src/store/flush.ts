import { open, readdir } from "node:fs/promises";
import path from "node:path";

/** Of the files that are flushed, as many as are open at once. */
const AT_ONCE = 32;

/** Waits until a file, or the entries of a folder, are on the disk and not only in the system's memory. */
export async function flush(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until a folder with all that lies below it is on the disk. */
export async function flushFolder(folder: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.map((entry) => path.join(entry.parentPath, entry.name));
  files.push(folder);
  const one = async (): Promise<void> => {
    for (let file = files.pop(); file !== undefined; file = files.pop()) await flush(file);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}
