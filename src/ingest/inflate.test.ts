// What follows the last byte of a gzip file is told by its length, wherever pieces of the file begin and end.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DataError } from "../core/errors.js";
import { seededRandom } from "../core/random.js";
import { inflateFile } from "./inflate.js";

/** Bytes that are read at once. */
const PIECE = 1 << 18;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-inflate-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const random = seededRandom(3, "inflate");
const noise = (bytes: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: bytes }, () => random.uniform() * 256));

/** A member of an exact length: stored without compression, in blocks of 65,535 bytes. */
function memberOf(bytes: number): Buffer {
  for (let content = bytes - 18; content > 0; content--) {
    const member = gzipSync(noise(content), { level: 0 });
    if (member.length <= bytes && bytes - member.length < 5) return member;
  }
  throw new RangeError("no member of that length");
}

/** A member with everything that a gzip header may hold: extra field, name, comment and header checksum. */
function memberWithLongHeader(): Buffer {
  const plain = gzipSync("long header\n");
  const fields = [
    Buffer.from([3, 0]),
    Buffer.from("abc"),
    Buffer.from("name\0"),
    Buffer.from("é\0"),
  ];
  const header = Buffer.concat([
    plain.subarray(0, 3),
    Buffer.from([0b11110]),
    plain.subarray(4, 10),
  ]);
  const before = Buffer.concat([header, ...fields]);
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(crc32(before) & 0xffff);
  return Buffer.concat([before, checksum, plain.subarray(10)]);
}

const small = gzipSync("time,price\n1,2\n".repeat(50));
const compressible = gzipSync(Buffer.alloc(3_000_000, "abcdefg\n"));
const WHOLE: Readonly<Record<string, Buffer>> = {
  "a small member": small,
  "a member that inflates to many pieces": compressible,
  "a member that ends with a piece": memberOf(PIECE),
  "a member that ends just before a piece does": memberOf(PIECE - 6),
  "a member of two and a half pieces": memberOf(2.5 * PIECE),
  "a member with a long header": memberWithLongHeader(),
  "two members": Buffer.concat([small, compressible]),
  "two members, the first of a whole piece": Buffer.concat([memberOf(PIECE), small]),
  "three empty members": Buffer.concat([gzipSync(""), gzipSync(""), gzipSync("")]),
};

/** What a file's inflating gave: the inflated length, or what was said. */
async function outcome(bytes: Buffer): Promise<number | string> {
  const file = path.join(folder, "file.gz");
  await writeFile(file, bytes);
  let inflated = 0;
  try {
    await inflateFile(file, "place", (piece) => {
      inflated += piece.length;
    });
    return inflated;
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return (error as DataError).message;
  }
}

const followed = (bytes: number): string => {
  const what = bytes === 1 ? "1 byte that is" : `${bytes} bytes that are`;
  return `place: was followed by ${what} not gzip; fetch the file again`;
};

const LENGTHS = [1, 2, 3, 7, 8, 17, 18, 100, 4095, 65_536, PIECE - 1, PIECE, PIECE + 1, 1 << 20];

test.each(Object.entries(WHOLE))(
  "%s is followed by zeros, and all of them are counted",
  async (_, whole) => {
    expect(await outcome(whole)).toBeTypeOf("number");
    for (const zeros of LENGTHS) {
      const text = await outcome(Buffer.concat([whole, Buffer.alloc(zeros)]));
      expect([zeros, text]).toEqual([zeros, followed(zeros)]);
    }
  },
);

test.each(Object.entries(WHOLE))(
  "%s is followed by garbage, and all of it is counted",
  async (_, whole) => {
    for (const bytes of LENGTHS) {
      const text = await outcome(Buffer.concat([whole, Buffer.alloc(bytes, "<html>")]));
      expect([bytes, text]).toEqual([bytes, followed(bytes)]);
    }
    for (const tail of [
      "\n",
      "\x1fa",
      "\x1f\x1f\x8b",
      "\0\x1f\x8b",
      `\0${small.toString("latin1")}`,
    ]) {
      const text = await outcome(Buffer.concat([whole, Buffer.from(tail, "latin1")]));
      expect([tail, text]).toEqual([tail, followed(tail.length)]);
    }
  },
);

test.each(Object.entries(WHOLE))(
  "%s is followed by a member that breaks off, which is no garbage",
  async (_, whole) => {
    for (const kept of [1, 2, 3, 9, 10, 11, small.length - 9, small.length - 8, small.length - 1]) {
      const file = Buffer.concat([whole, small.subarray(0, kept)]);
      const said = `place: was truncated: the gzip goes on after its ${file.length} bytes; fetch the file again`;
      expect([kept, await outcome(file)]).toEqual([kept, said]);
    }
    expect(await outcome(Buffer.concat([whole, small]))).toBeTypeOf("number");
  },
);

test("a long file that inflates to dozens of times its size, as vendor files may, is taken whole", async () => {
  const member = gzipSync(Buffer.concat(Array<Buffer>(64).fill(noise(1 << 14))));
  const members = 80;
  const bytes = Buffer.concat(Array<Buffer>(members).fill(member));
  const inflated = members << 20;
  expect(inflated / bytes.length).toBeGreaterThan(20);
  expect(await outcome(bytes)).toBe(inflated);
});

test("a file that cannot be read is not said to be damaged", async () => {
  const read = inflateFile(folder, "place", () => undefined);
  await expect(read).rejects.toThrow(
    "place: could not be read (EISDIR); let this user read the file",
  );
});

test("damage before the end is told with its byte, whatever follows", async () => {
  const damaged = Buffer.from(compressible);
  damaged.writeUInt32LE(0, damaged.length - 8);
  const badMethod = Buffer.from(small);
  badMethod[2] = 7;
  for (const [name, bytes, what] of [
    ["checksum", damaged, `its checksum does not match at byte ${damaged.length - 5}`],
    [
      "second member's checksum",
      Buffer.concat([small, damaged]),
      `its checksum does not match at byte ${small.length + damaged.length - 5}`,
    ],
    [
      "second member's header",
      Buffer.concat([small, badMethod]),
      `unknown compression method at byte ${small.length + 3}`,
    ],
    ["no gzip at all", Buffer.from("<html></html>"), "incorrect header check at byte 1"],
  ] as const) {
    for (const tail of [0, 1, 100, PIECE]) {
      const file = Buffer.concat([bytes, Buffer.alloc(tail)]);
      const said = `place: was damaged: ${what} of ${file.length}; fetch the file again`;
      expect([name, tail, await outcome(file)]).toEqual([name, tail, said]);
    }
  }
});
