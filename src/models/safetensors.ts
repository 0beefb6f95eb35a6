// How are weights kept in a file? As named arrays behind a JSON header: no code, every size and hash checked.
import { createHash } from "node:crypto";
import { DataError } from "../core/errors.js";

/** A named array of a model file; 32-bit arrays are weights, 64-bit ones are statistics. */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array;
}

/** What a model file holds: arrays by name, and texts by name. */
export interface StoredArrays {
  readonly arrays: Readonly<Record<string, StoredArray>>;
  readonly texts: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const HASH_NAME = "sha256";
const MAX_HEADER_BYTES = 1e8;

/**
 * Arrays as bytes in safetensors form: header length (64 bit, little-endian), JSON header, values one after the other
 * in the order of their names. The SHA-256 of the values is kept among the header's texts.
 *
 * @returns the same bytes for the same content, whatever the order of its keys
 * @throws {DataError} an array's length is not the product of its shape
 * @see https://github.com/huggingface/safetensors#format
 */
export function encodeSafetensors({ arrays, texts }: StoredArrays): Uint8Array {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const name of Object.keys(arrays).sort()) {
    const { shape, values } = arrays[name]!;
    requireCount(name, shape, values.length, "the array to be written");
    header[name] = {
      dtype: values instanceof Float32Array ? "F32" : "F64",
      shape,
      data_offsets: [offset, offset + values.byteLength],
    };
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    offset += values.byteLength;
  }
  const data = Buffer.concat(parts);
  const sorted = Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
  header["__metadata__"] = { ...sorted, [HASH_NAME]: sha256(data) };
  let text = JSON.stringify(header);
  // Values begin at a multiple of 8, so that readers may map them.
  text = text.padEnd(text.length + ((8 - (Buffer.byteLength(text) % 8)) % 8), " ");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return new Uint8Array(Buffer.concat([length, Buffer.from(text), data]));
}

/**
 * Arrays from bytes in safetensors form. Nothing is used before every size, place and the hash have been checked.
 *
 * @param bytes - the whole file
 * @param file - its name, for errors
 * @throws {DataError} cut off, too long, a header that is not one, arrays that overlap or leave holes, shapes that do
 * not fit, values that are not finite, or another hash than recorded
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): StoredArrays {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = buffer.length < 8 ? Number.NaN : Number(buffer.readBigUInt64LE(0));
  if (!(length <= Math.min(MAX_HEADER_BYTES, buffer.length - 8))) {
    throw damaged(file, "was cut off in its header");
  }
  const header = parseHeader(buffer.subarray(8, 8 + length).toString("utf8"), file);
  const data = buffer.subarray(8 + length);
  const texts = textsOf(header["__metadata__"], file);
  if (texts[HASH_NAME] !== sha256(data)) {
    throw damaged(file, "held other values than its SHA-256 says");
  }
  const arrays: Record<string, StoredArray> = {};
  let end = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    if (!isEntry(entry) || entry.data_offsets[0] !== end || entry.data_offsets[1] > data.length) {
      throw damaged(file, `had an entry "${name}" that does not fit its values`);
    }
    arrays[name] = readArray(data, name, entry, file);
    end = entry.data_offsets[1];
  }
  if (end !== data.length) throw damaged(file, `had ${data.length - end} bytes that no array owns`);
  const { [HASH_NAME]: _, ...rest } = texts;
  return { arrays, texts: rest };
}

/**
 * One array of a model file, its shape checked.
 *
 * @param shape - what it has to be
 * @throws {DataError} absent, of another shape or of another type
 */
export function requireArray<Values extends Float32Array | Float64Array>(
  { arrays }: StoredArrays,
  name: string,
  shape: readonly number[],
  type: { readonly name: string; new (length: number): Values },
  file: string,
): Values {
  const found = arrays[name];
  if (found === undefined) throw damaged(file, `had no array "${name}"`);
  if (found.shape.join() !== shape.join() || !(found.values instanceof type)) {
    throw damaged(
      file,
      `had "${name}" as ${found.values.constructor.name}[${found.shape.join(", ")}], ` +
        `expected ${type.name}[${shape.join(", ")}]`,
    );
  }
  return found.values;
}

function readArray(data: Buffer, name: string, entry: Entry, file: string): StoredArray {
  const [start, end] = entry.data_offsets;
  const width = entry.dtype === "F32" ? 4 : 8;
  requireCount(name, entry.shape, (end - start) / width, file);
  // A copy: values in a file need not lie on a multiple of their width in memory.
  const copy = new Uint8Array(data.subarray(start, end)).buffer;
  const values = width === 4 ? new Float32Array(copy) : new Float64Array(copy);
  if (!values.every(Number.isFinite))
    throw damaged(file, `had a value in "${name}" that is no number`);
  return { shape: entry.shape, values };
}

function parseHeader(text: string, file: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header === "object" && header !== null && !Array.isArray(header)) {
      return header as Record<string, unknown>;
    }
  } catch {
    // Falls through to the one error there is for a header that is none.
  }
  throw damaged(file, "had a header that is not a JSON object");
}

function textsOf(metadata: unknown, file: string): Readonly<Record<string, string>> {
  const entries = Object.entries((metadata ?? {}) as Record<string, unknown>);
  if (!entries.every(([, text]) => typeof text === "string")) {
    throw damaged(file, "had metadata that is not text");
  }
  return Object.fromEntries(entries) as Record<string, string>;
}

function isEntry(entry: unknown): entry is Entry {
  const { dtype, shape, data_offsets } = (entry ?? {}) as Partial<Entry>;
  const isCount = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) >= 0;
  return (
    (dtype === "F32" || dtype === "F64") &&
    Array.isArray(shape) &&
    shape.every(isCount) &&
    Array.isArray(data_offsets) &&
    data_offsets.length === 2 &&
    data_offsets.every(isCount) &&
    data_offsets[1]! >= data_offsets[0]!
  );
}

function requireCount(name: string, shape: readonly number[], count: number, file: string): void {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (count !== expected) {
    throw damaged(file, `had ${count} values in "${name}", expected ${expected} by its shape`);
  }
}

function sha256(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function damaged(file: string, message: string): DataError {
  return new DataError({ file, message, fix: "train the model again with `npx tickbook train`" });
}
