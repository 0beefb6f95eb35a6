// Where does a gzip file end, and is what follows no further part of it?
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { createInflateRaw } from "node:zlib";
import { GZIP_MAGIC, gzipHeaderBytes } from "./gzip-header.js";

/** Room for a header: its extra field has at most 65,535 bytes, and names and comments are short. */
const HEADER_ROOM = 1 << 17;

/** Checksum and length after a member's deflated bytes. */
const TRAILER_BYTES = 8;

/**
 * Counts the bytes that follow the last whole member of a gzip file and begin no further one. Inflates the file again:
 * Node's gunzip says of such bytes different things, or nothing, by what they are and by where the pieces ended that it
 * was given.
 *
 * @returns 0 where nothing follows, where what follows begins as a member does, and where no whole member comes before it
 */
export async function bytesAfterGzip(file: string): Promise<number> {
  const { size } = await stat(file);
  const handle = await open(file, "r");
  try {
    let end = 0;
    for (;;) {
      const header = await readAt(handle, end);
      const next = await memberEnd(file, end, gzipHeaderBytes(header));
      if (next !== undefined && next <= size) {
        end = next;
        continue;
      }
      const isMember = header
        .subarray(0, GZIP_MAGIC.length)
        .every((byte, i) => byte === GZIP_MAGIC[i]);
      return end === 0 || isMember ? 0 : size - end;
    }
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, place: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_ROOM), 0, HEADER_ROOM, place);
  return buffer.subarray(0, bytesRead);
}

/** Where a member ends, as its deflated bytes say; undefined where they do not end. */
async function memberEnd(
  file: string,
  start: number,
  headerBytes: number | undefined,
): Promise<number | undefined> {
  if (headerBytes === undefined) return undefined;
  const input = createReadStream(file, { start: start + headerBytes });
  const inflate = createInflateRaw();
  input.on("error", (error) => inflate.destroy(error));
  try {
    await once(input.pipe(inflate).resume(), "end");
    return start + headerBytes + inflate.bytesWritten + TRAILER_BYTES;
  } catch {
    // Damaged or cut off: whoever inflated the file before us says so.
    return undefined;
  } finally {
    input.destroy();
    inflate.destroy();
  }
}
