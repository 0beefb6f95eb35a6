import fc from "fast-check";
import { expect, test } from "vitest";
import { bitPack, packFlags } from "./bit-pack.js";
import { bitsAt, lookUp, unpackFlags, unpackWords, WIDEST_WORD } from "./bit-unpack.js";
import { ByteBuffer } from "./byte-buffer.js";
import { CorruptFile } from "./corrupt-file.js";

const widths = Array.from({ length: WIDEST_WORD }, (_, i) => i + 1);

/** Packed values behind some other bytes, with nothing behind them. */
function pack(values: Uint32Array, width: number): { bytes: Uint8Array; start: number } {
  const out = new ByteBuffer();
  out.bytes(Uint8Array.of(0xff, 0xff, 0xff));
  bitPack(out, values, values.length, width);
  return { bytes: out.view().slice(), start: 3 };
}

test.each(widths)("values of %i bits come back, however many there are", (width) => {
  const value = fc.integer({ min: 0, max: 2 ** width - 1 });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 100 }), (values) => {
      const packed = { ...pack(Uint32Array.from(values), width), width };
      const target = new Uint32Array(values.length);
      unpackWords(target, packed);
      expect([...target]).toEqual(values);
      expect(values.map((_, i) => bitsAt(packed, i))).toEqual(values);
    }),
    { seed: width, numRuns: 30 },
  );
});

test.each(widths.filter((width) => width <= 17))(
  "indexes of %i bits become the values they stand for; one beyond the last is refused",
  (width) => {
    const count = 2 ** (width - 1) + 1;
    const values = Float64Array.from({ length: count }, (_, i) => i / 8);
    fc.assert(
      fc.property(
        fc.array(fc.nat(count - 1), { minLength: 1, maxLength: 100 }),
        fc.nat(),
        (indexes, at) => {
          const target = new Float64Array(indexes.length);
          lookUp(target, values, { ...pack(Uint32Array.from(indexes), width), width });
          expect([...target]).toEqual(indexes.map((index) => index / 8));
          if (count === 2 ** width) return;
          const wrong = Uint32Array.from(indexes).fill(count, at % indexes.length);
          const bad = { ...pack(wrong, width), width };
          expect(() => lookUp(target, values, bad)).toThrow(CorruptFile);
        },
      ),
      { seed: width, numRuns: 30 },
    );
  },
);

test("flags become either of two bytes", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1), { minLength: 1, maxLength: 100 }), (flags) => {
      const out = new ByteBuffer();
      packFlags(out, Uint8Array.from(flags), flags.length);
      const target = new Uint8Array(flags.length);
      unpackFlags(target, out.view(), [7, 255]);
      expect([...target]).toEqual(flags.map((flag) => (flag === 1 ? 255 : 7)));
    }),
    { seed: 5, numRuns: 100 },
  );
});
