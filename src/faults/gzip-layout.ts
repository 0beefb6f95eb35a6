import { constants, crc32, deflateRawSync } from "node:zlib";

/** How a piece of a member is compressed: as it is, by the fixed code, or by a code of its own. */
export type BlockKind = "stored" | "fixed" | "dynamic";

/** One member of a gzip file. */
export interface GzipMember {
  /** Text of each block of deflate, in order. */
  readonly blocks: readonly { readonly text: Buffer; readonly kind: BlockKind }[];
  /** Optional fields of the header. */
  readonly name?: string;
  readonly comment?: string;
  readonly extra?: Buffer;
  /** The header carries a checksum of its own. */
  readonly hasHeaderCrc?: boolean;
}

/** Where a member's parts lie in the file, as byte offsets; the next member begins at `end`. */
export interface MemberLayout {
  readonly start: number;
  /** First byte of deflate. */
  readonly body: number;
  /** Ends of the blocks. */
  readonly blockEnds: readonly number[];
  /** First byte of the CRC; four bytes on, the length begins. */
  readonly trailer: number;
  readonly end: number;
}

/**
 * A gzip file whose parts lie at known places.
 *
 * @see RFC 1952, sections 2.2 and 2.3
 */
export function gzipWithLayout(members: readonly GzipMember[]): {
  readonly bytes: Buffer;
  readonly layout: readonly MemberLayout[];
} {
  const parts: Buffer[] = [];
  let at = 0;
  const put = (part: Buffer): number => {
    parts.push(part);
    at += part.length;
    return at;
  };
  const layout = members.map((member): MemberLayout => {
    const start = at;
    const body = put(header(member));
    const blockEnds = member.blocks.map(({ text, kind }, i) =>
      put(deflateBlocks(text, kind, i === member.blocks.length - 1)),
    );
    const trailer = at;
    const text = Buffer.concat(member.blocks.map((block) => block.text));
    const ends = Buffer.alloc(8);
    ends.writeUInt32LE(crc32(text), 0);
    ends.writeUInt32LE(text.length % 2 ** 32, 4);
    return { start, body, blockEnds, trailer, end: put(ends) };
  });
  return { bytes: Buffer.concat(parts), layout };
}

/** Blocks that end at a byte's border and refer to nothing before them, so that they can be strung together. */
function deflateBlocks(text: Buffer, kind: BlockKind, isLast: boolean): Buffer {
  return deflateRawSync(text, {
    level: kind === "stored" ? 0 : 6,
    strategy: kind === "fixed" ? constants.Z_FIXED : constants.Z_DEFAULT_STRATEGY,
    finishFlush: isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
  });
}

function header({ name, comment, extra, hasHeaderCrc = false }: GzipMember): Buffer {
  const flags =
    (hasHeaderCrc ? 2 : 0) +
    (extra === undefined ? 0 : 4) +
    (name === undefined ? 0 : 8) +
    (comment === undefined ? 0 : 16);
  const parts: Buffer[] = [Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3])];
  if (extra !== undefined) {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(extra.length);
    parts.push(length, extra);
  }
  for (const text of [name, comment]) {
    if (text !== undefined) parts.push(Buffer.from(`${text}\0`, "latin1"));
  }
  const head = Buffer.concat(parts);
  if (!hasHeaderCrc) return head;
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crc32(head) & 0xffff);
  return Buffer.concat([head, crc]);
}
