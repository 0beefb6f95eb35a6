import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { dayStartUs } from "../core/time.js";
import { SAMPLE_KEY, sampleLines, textOf } from "./sample-files.js";

/** A small file that inflates to much more, or takes long to look through. */
export interface Bomb {
  readonly name: string;
  readonly make: () => Buffer;
  /** Allowed until it is stopped; default 5. Good rows before the others take their time. */
  readonly mostSeconds?: number;
  /** The file is a right one all the same. */
  readonly isRight?: boolean;
}

const MIB = 1 << 20;
const GIB = 1 << 30;

/** What is compressed once and strung together. */
const UNIT = 16 * MIB;

const HEADER = sampleLines({ ...SAMPLE_KEY, type: "trades" }, { rows: 0, seed: 1 })[0]!;

/** Bombs of a full campaign; the others take so many times less. */
export function bombs(isFull: boolean): readonly Bomb[] {
  const many = isFull ? 1 : 1 / 32;
  const goodRows = 300_000 * many;
  return [
    { name: "10 GiB of zeros, 640 members", make: () => members("\0", 10 * GIB) },
    { name: "10 GiB of zeros, one member", make: () => oneMember("", "\0", 10 * GIB) },
    {
      name: "the header, then 10 GiB of zeros",
      make: () => oneMember(`${HEADER}\n`, "\0", 10 * GIB),
    },
    {
      name: "the header, then 10 GiB of line ends",
      make: () => oneMember(`${HEADER}\n`, "\n", 10 * GIB),
    },
    { name: "the header, then one line of 1 GiB", make: () => oneMember(`${HEADER}\n`, "9", GIB) },
    {
      name: `${(8192 * many).toLocaleString("en")} MiB of rows that repeat`,
      make: () => oneMember(`${HEADER}\n`, `${row(0)}\n`, 8 * GIB * many),
      mostSeconds: 30,
    },
    {
      name: `${goodRows.toLocaleString("en")} good rows, then 2 GiB of line ends`,
      make: () => oneMember(`${HEADER}\n${manyRows(goodRows)}`, "\n", 2 * GIB),
      mostSeconds: 30,
    },
    { name: "a gzip in a gzip, ten deep", make: () => nested(10) },
    {
      // All of them together are an empty file, which is a day without rows.
      name: "empty members, 20 bytes each",
      isRight: true,
      make: () => repeated(gzipSync(""), (10 * MIB * many) / 20),
    },
    { name: "a name of 8 MiB in the gzip's header", make: () => longName(8 * MIB), isRight: true },
  ];
}

/** A text again and again, in members of their own. */
function members(text: string, bytes: number): Buffer {
  return repeated(gzipSync(Buffer.alloc(UNIT, text), { level: 9 }), bytes / UNIT);
}

/** A text, then another one again and again, as one member; up to a gigabyte its checksum is right, too. */
function oneMember(start: string, text: string, bytes: number): Buffer {
  const unit = Buffer.alloc(UNIT - (UNIT % text.length), text);
  const count = Math.max(1, Math.round(bytes / unit.length));
  const flush = { level: 9, finishFlush: 2 } as const;
  const first = deflateRawSync(start, flush);
  const again = deflateRawSync(unit, flush);
  let crc = crc32(start);
  // The checksum of what is never reached costs more than all else.
  if (count * UNIT <= GIB) for (let i = 0; i < count; i++) crc = crc32(unit, crc);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE((start.length + count * unit.length) % 2 ** 32, 4);
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  return Buffer.concat([head, first, repeated(again, count), deflateRawSync(""), trailer]);
}

function nested(depth: number): Buffer {
  let bytes: Buffer = members("\0", GIB);
  for (let i = 0; i < depth; i++) bytes = gzipSync(bytes, { level: 9 });
  return bytes;
}

/** A right file behind a long name. */
function longName(bytes: number): Buffer {
  const plain = gzipSync(
    textOf(sampleLines({ ...SAMPLE_KEY, type: "trades" }, { rows: 50, seed: 1 })),
  );
  const head = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
  return Buffer.concat([head, Buffer.alloc(bytes, "n"), Buffer.alloc(1), plain.subarray(10)]);
}

function repeated(bytes: Buffer, count: number): Buffer {
  return Buffer.concat(Array.from({ length: Math.round(count) }, () => bytes));
}

function row(number: number): string {
  const { exchange, symbol, date } = SAMPLE_KEY;
  const timeUs = dayStartUs(date) + number;
  return `${exchange},${symbol},${timeUs},${timeUs},${number},buy,60000.5,${0.25 + (number % 9)}`;
}

function manyRows(count: number): string {
  return Array.from({ length: count }, (_, i) => `${row(i)}\n`).join("");
}
