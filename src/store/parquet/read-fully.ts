import type { FileHandle } from "node:fs/promises";
import { requireSound } from "./corrupt-file.js";

/**
 * Bytes of a file.
 *
 * @param into - where to put them; new memory when left out
 * @returns a view of `into`
 * @throws {CorruptFile} the file ends before
 */
export async function readFully(
  file: FileHandle,
  { start, length }: { readonly start: number; readonly length: number },
  into: Uint8Array = Buffer.allocUnsafeSlow(length),
): Promise<Uint8Array> {
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(into, done, length - done, start + done);
    requireSound(bytesRead > 0, "ended early");
    done += bytesRead;
  }
  return into.subarray(0, length);
}
