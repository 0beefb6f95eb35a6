import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteCursor } from "./byte-cursor.js";
import { compactThrift, type ThriftField, type ThriftValue } from "./compact-thrift.js";
import { CorruptFile } from "./corrupt-file.js";
import { readThrift, type ThriftRead } from "./thrift-reading.js";

const number = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
const { fields } = fc.letrec<{ fields: readonly ThriftField[]; value: ThriftValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: "nested" },
    fc.record({ i64: number }),
    fc.record({ text: fc.uint8Array({ maxLength: 20 }) }),
    fc.record({ list: fc.array(fc.record({ i32: number }), { maxLength: 20 }) }),
    fc.record({ struct: tie("fields") }),
    fc.record({ list: fc.array(fc.record({ struct: tie("fields") }), { maxLength: 20 }) }),
  ),
  fields: fc
    .uniqueArray(
      fc.tuple(
        fc.integer({ min: 1, max: 100 }),
        fc.oneof(tie("value"), fc.record({ flag: fc.boolean() })),
      ),
      { maxLength: 5, selector: ([id]) => id, depthIdentifier: "nested" },
    )
    .map((all) => all.sort(([a], [b]) => a - b)),
}));

/** What a value is once it was read. */
function read(value: ThriftValue): ThriftRead {
  if ("struct" in value) return readFields(value.struct);
  if ("list" in value) return value.list.map(read);
  return Object.values(value)[0] as ThriftRead;
}

function readFields(all: readonly ThriftField[]): ThriftRead {
  return new Map(all.map(([id, value]) => [id, read(value)]));
}

test("what is written is read, and nothing behind it", () => {
  fc.assert(
    fc.property(fields, (all) => {
      const bytes = compactThrift(all);
      const cursor = new ByteCursor(Uint8Array.from([...bytes, 1, 2, 3]));
      expect(readThrift(cursor)).toEqual(readFields(all));
      expect(cursor.at).toBe(bytes.length);
    }),
    { seed: 3, numRuns: 200 },
  );
});

test("bytes that are no structure end in an error of the file, however deep, long or short they are", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    // Structures in structures without end; a list of more items than there are bytes.
    fc.constant(new Uint8Array(10_000).fill(0x1c)),
    fc.constant(Uint8Array.of(0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1)),
  );
  fc.assert(
    fc.property(bytes, (all) => {
      try {
        readThrift(new ByteCursor(all));
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptFile);
      }
    }),
    { seed: 4, numRuns: 500 },
  );
});
