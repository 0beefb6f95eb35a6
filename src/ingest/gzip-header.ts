/** The two bytes that every member of a gzip file begins with. */
export const GZIP_MAGIC: readonly number[] = [0x1f, 0x8b];

/** The only way of compressing there is. */
const DEFLATE = 8;

/** Length of a header without optional fields. */
const FIXED_BYTES = 10;

/** Flags of the optional fields, in the order of the fields. */
const EXTRA = 4;
const TEXTS = [8, 16];
const CHECKSUM = 2;

/**
 * Length of the header of a gzip member.
 *
 * @param start - the first bytes of the member
 * @returns undefined when it is no header, or goes on after these bytes
 * @see RFC 1952, section 2.3
 */
export function gzipHeaderBytes(start: Buffer): number | undefined {
  if (start.length < FIXED_BYTES || start[2] !== DEFLATE) return undefined;
  if (!GZIP_MAGIC.every((byte, i) => start[i] === byte)) return undefined;
  const flags = start[3]!;
  let bytes = FIXED_BYTES;
  if ((flags & EXTRA) !== 0) {
    if (start.length < bytes + 2) return undefined;
    bytes += 2 + start.readUInt16LE(bytes);
  }
  for (const text of TEXTS) {
    if ((flags & text) === 0) continue;
    const zero = start.indexOf(0, bytes);
    if (zero < 0) return undefined;
    bytes = zero + 1;
  }
  if ((flags & CHECKSUM) !== 0) bytes += 2;
  return bytes <= start.length ? bytes : undefined;
}
