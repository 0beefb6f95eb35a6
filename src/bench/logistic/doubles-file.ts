import { open } from "node:fs/promises";
import { alignedDoubles } from "../../core/aligned-doubles.js";

/** Bytes read or written at once: a single call ends at 2 GiB. */
const PIECE_BYTES = 2 ** 26;

/** Writes doubles as the machine holds them, for another process to begin with. */
export async function writeDoubles(file: string, values: Float64Array): Promise<void> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const output = await open(file, "w");
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      await output.writeFile(bytes.subarray(at, at + PIECE_BYTES));
    }
  } finally {
    await output.close();
  }
}

/** Reads them back, to where training puts its scaled rows. */
export async function readDoubles(file: string): Promise<Float64Array> {
  const input = await open(file);
  try {
    const { size } = await input.stat();
    const values = alignedDoubles(size / 8);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, size);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await input.read(bytes, at, Math.min(PIECE_BYTES, size - at), at);
      if (bytesRead === 0) throw new Error(`${file} ended after ${at} of ${size} bytes`);
      at += bytesRead;
    }
    return values;
  } finally {
    await input.close();
  }
}
