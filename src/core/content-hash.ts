import { createHash } from "node:crypto";

/**
 * A value as JSON that does not depend on the order in which its keys were set; NaN and infinities become null, columns
 * become lists.
 *
 * @param value - anything that JSON can hold, and typed arrays of numbers
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (ArrayBuffer.isView(inner)) return Array.from(inner as Float64Array);
    return typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  });
}

/** SHA-256 of bytes, or of a value's canonical JSON, in hexadecimal. */
export function contentHash(content: unknown): string {
  const bytes = content instanceof Uint8Array ? content : canonicalJson(content);
  return createHash("sha256").update(bytes).digest("hex");
}
