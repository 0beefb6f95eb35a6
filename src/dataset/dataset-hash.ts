import { createHash } from "node:crypto";
import { canonicalJson } from "../core/content-hash.js";
import type { Dataset } from "./matrix.js";

/**
 * SHA-256 over features, labels, masks and settings. What was left out is no part of it: asked for by name, the same
 * features are the same data.
 */
export function datasetHash(dataset: Omit<Dataset, "hash" | "leftOut">): string {
  const hash = createHash("sha256");
  for (const [name, value] of Object.entries(dataset).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(name);
    if (!ArrayBuffer.isView(value)) hash.update(canonicalJson(value));
    else hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  return hash.digest("hex");
}
