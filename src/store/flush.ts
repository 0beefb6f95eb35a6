import { open } from "node:fs/promises";

/** Waits until a file, or the entries of a folder, are on the disk and not only in the system's memory. */
export async function flush(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
