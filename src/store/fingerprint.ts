import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Fingerprint } from "./manifest.js";

/** Bytes and SHA-256 of a file, read in pieces. */
export async function fingerprintFile(file: string): Promise<Fingerprint> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest("hex") };
}
