import { compress as compressBlock, init } from "@bokuweb/zstd-wasm";
import { decompress as decompressFrame, isLoaded } from "@foxglove/wasm-zstd";
import { CorruptFile, requireSound } from "./corrupt-file.js";

/** Stronger levels of pages that are packed already save a few percent and cost as many times the time. */
const LEVEL = 1;

/** What a frame begins with. */
const FRAME = 0xfd2fb528;

/** A notebook loads this module anew after an edit, and a compressor that is set up twice writes garbage. */
const thread = globalThis as { tickbookZstd?: Promise<unknown> };

/** Loads compressor and decompressor; once a thread. */
export async function loadZstd(): Promise<void> {
  thread.tickbookZstd ??= Promise.all([init(), isLoaded]);
  await thread.tickbookZstd;
}

/** A zstd frame of the bytes, the same on every machine: the compressor is WebAssembly. Needs `loadZstd` before. */
export function compress(bytes: Uint8Array): Uint8Array {
  return compressBlock(bytes as Buffer, LEVEL);
}

/**
 * The bytes of a frame that `compress` made, in memory of their own. Needs `loadZstd` before.
 *
 * @param length - of the bytes; the frame has to say the same, so that no damaged one asks for more memory
 * @throws {CorruptFile} the frame is damaged
 */
export function decompress(frame: Uint8Array, length: number): Uint8Array {
  requireSound(contentLength(frame) === length, "had a compressed page of another length");
  let bytes: Uint8Array;
  try {
    bytes = decompressFrame(frame as Buffer, length);
  } catch (error) {
    throw new CorruptFile(`had a page that cannot be decompressed (${String(error)})`);
  }
  requireSound(bytes.length === length, "had a compressed page that ended early");
  // Node lays small buffers into one memory together.
  return bytes.buffer.byteLength === length ? bytes : new Uint8Array(bytes);
}

/**
 * Bytes that a frame says it holds; −1 where it does not.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.1.1
 */
function contentLength(frame: Uint8Array): number {
  // Longer than any header, so that reading one ends within.
  const head = Buffer.alloc(20);
  head.set(frame.subarray(0, head.length));
  if (head.readUInt32LE(0) !== FRAME) return -1;
  const flags = head[4]!;
  const isSingle = (flags & 0x20) !== 0;
  const at = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][flags & 3]!;
  switch (flags >>> 6) {
    case 0:
      return isSingle ? head[at]! : -1;
    case 1:
      return head.readUInt16LE(at) + 256;
    case 2:
      return head.readUInt32LE(at);
    default:
      return Number(head.readBigUInt64LE(at));
  }
}
