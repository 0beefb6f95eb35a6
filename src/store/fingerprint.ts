import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { Fingerprint } from "./manifest.js";

const PIECE_BYTES = 1 << 20;

/** Bytes and SHA-256 of a file. Each piece is hashed while the next one is being read; memory is that of two pieces. */
export async function fingerprintFile(file: string): Promise<Fingerprint> {
  const handle = await open(file);
  try {
    return await fingerprint(handle);
  } finally {
    await handle.close();
  }
}

async function fingerprint(handle: FileHandle): Promise<Fingerprint> {
  const hash = createHash("sha256");
  let [hashed, filled] = [Buffer.allocUnsafe(PIECE_BYTES), Buffer.allocUnsafe(PIECE_BYTES)];
  let bytes = 0;
  let { bytesRead } = await handle.read(filled, 0, PIECE_BYTES);
  while (bytesRead > 0) {
    [hashed, filled] = [filled, hashed];
    const next = handle.read(filled, 0, PIECE_BYTES);
    hash.update(hashed.subarray(0, bytesRead));
    bytes += bytesRead;
    bytesRead = (await next).bytesRead;
  }
  return { bytes, sha256: hash.digest("hex") };
}
