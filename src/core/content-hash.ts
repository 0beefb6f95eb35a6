import { createHash } from "node:crypto";

/**
 * A value as JSON that does not depend on the order in which its keys were set; NaN and infinities become null.
 *
 * @param value - anything that JSON can hold
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** SHA-256 of bytes, or of a value's canonical JSON, in hexadecimal. */
export function contentHash(content: unknown): string {
  const bytes = content instanceof Uint8Array ? content : canonicalJson(content);
  return createHash("sha256").update(bytes).digest("hex");
}
