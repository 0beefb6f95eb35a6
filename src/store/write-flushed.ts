import { open } from "node:fs/promises";

/**
 * Writes to a file, and waits until it is on the disk.
 *
 * @param bytes - its content, or what is added to it
 * @param options.flag - `w` to write it anew, `a` to add to it
 * @throws {Error} as the system refuses it, with the file as its `path`
 */
export async function writeFlushed(
  file: string,
  bytes: Uint8Array | string,
  { flag = "w" }: { readonly flag?: "w" | "a" } = {},
): Promise<void> {
  const handle = await open(file, flag);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } catch (error) {
    // What an open file is refused says why, and not where.
    throw Object.assign(error as Error, { path: file });
  } finally {
    await handle.close();
  }
}
