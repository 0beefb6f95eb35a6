import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors, requireArray } from "./safetensors.js";

const content = {
  arrays: {
    kernel: { shape: [2, 3], values: Float32Array.from([1, 2, 3, 4, 5, 6]) },
    mean: { shape: [2], values: Float64Array.from([0.1, -7]) },
  },
  texts: { kind: "lstm" },
};
const bytes = encodeSafetensors(content);

/** The file with its header's JSON changed and its length kept right. */
function withHeader(change: (header: Record<string, unknown>) => unknown): Uint8Array {
  const buffer = Buffer.from(bytes);
  const length = Number(buffer.readBigUInt64LE(0));
  const header = JSON.parse(buffer.subarray(8, 8 + length).toString()) as Record<string, unknown>;
  const text = Buffer.from(JSON.stringify(change(header)));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, buffer.subarray(8 + length)]);
}

test("what is written is read back, bit for bit, and key order changes no byte", () => {
  const values = fc.float32Array({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(values, values, fc.string(), (a, b, text) => {
      const one = { a: { shape: [a.length], values: a }, b: { shape: [b.length], values: b } };
      const arrays = { b: one.b, a: one.a };
      const written = encodeSafetensors({ arrays, texts: { text } });
      expect(written).toEqual(encodeSafetensors({ arrays: one, texts: { text } }));
      expect(decodeSafetensors(written, "f")).toEqual({ arrays: one, texts: { text } });
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("any single changed byte of the values and any cut is refused", () => {
  for (let i = 0; i < bytes.length; i++) {
    const cut = () => decodeSafetensors(bytes.slice(0, i), "model.safetensors");
    expect(cut).toThrow(/^model\.safetensors: /);
  }
  for (let i = bytes.length - 40; i < bytes.length; i++) {
    const changed = bytes.slice();
    changed[i]! ^= 1;
    expect(() => decodeSafetensors(changed, "f")).toThrow("SHA-256");
  }
});

test.each([
  ["a shape that does not fit", { shape: [7, 1] }, "by its shape"],
  ["a negative size", { shape: [-2, -3] }, "does not fit"],
  ["values beyond the end", { data_offsets: [0, 4096] }, "does not fit"],
  ["values that overlap", { data_offsets: [8, 24] }, "does not fit"],
  ["a type it does not know", { dtype: "I64" }, "does not fit"],
])("%s is refused", (_, change, message) => {
  const changed = withHeader((header) => ({
    ...header,
    kernel: { ...(header["kernel"] as object), ...change },
  }));
  expect(() => decodeSafetensors(changed, "f")).toThrow(message);
});

test("a header that is no object, bytes without owner and values that are no numbers are refused", () => {
  expect(() =>
    decodeSafetensors(
      withHeader(() => [1]),
      "f",
    ),
  ).toThrow("not a JSON object");
  const dropped = withHeader(({ mean: _, ...rest }) => rest);
  expect(() => decodeSafetensors(dropped, "f")).toThrow("no array owns");
  const broken = encodeSafetensors({
    arrays: { w: { shape: [1], values: Float32Array.of(Number.NaN) } },
    texts: {},
  });
  expect(() => decodeSafetensors(broken, "f")).toThrow("no number");
});

test("an array is handed out with the shape and type it is asked for, or refused by name", () => {
  const stored = decodeSafetensors(bytes, "f");
  expect(requireArray(stored, "mean", [2], Float64Array, "f")).toEqual(content.arrays.mean.values);
  expect(() => requireArray(stored, "bias", [2], Float32Array, "f")).toThrow('no array "bias"');
  expect(() => requireArray(stored, "kernel", [3, 2], Float32Array, "f")).toThrow("[2, 3]");
  expect(() => requireArray(stored, "mean", [2], Float32Array, "f")).toThrow("Float64Array");
});
