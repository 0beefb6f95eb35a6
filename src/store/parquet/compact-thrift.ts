import { ByteBuffer } from "./byte-buffer.js";

/** Numbers of the types; the value of a flag is its type. */
export const THRIFT = {
  true: 1,
  false: 2,
  i32: 5,
  i64: 6,
  binary: 8,
  list: 9,
  struct: 12,
} as const;

/** A field of a structure: its number in the definition and its value. */
export type ThriftField = readonly [id: number, value: ThriftValue];

/** Values in the forms that Parquet's metadata needs. */
export type ThriftValue =
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly text: string | Uint8Array }
  | { readonly flag: boolean }
  | { readonly struct: readonly ThriftField[] }
  | { readonly list: readonly ThriftValue[] };

/**
 * A structure in Thrift's compact protocol.
 *
 * @param fields - in ascending order of their numbers
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export function compactThrift(fields: readonly ThriftField[]): Uint8Array {
  const out = new ByteBuffer();
  writeStruct(out, fields);
  return out.view().slice();
}

function writeStruct(out: ByteBuffer, fields: readonly ThriftField[]): void {
  let before = 0;
  for (const [id, value] of fields) {
    const step = id - before;
    const type = typeOf(value);
    if (step >= 1 && step <= 15) out.byte((step << 4) | type);
    else {
      out.byte(type);
      out.zigzag(id);
    }
    // The value of a flag is its type.
    if (!("flag" in value)) writeValue(out, value);
    before = id;
  }
  out.byte(0);
}

function writeValue(out: ByteBuffer, value: ThriftValue): void {
  if ("i32" in value) out.zigzag(value.i32);
  else if ("i64" in value) out.zigzag(value.i64);
  else if ("flag" in value) out.byte(value.flag ? THRIFT.true : THRIFT.false);
  else if ("struct" in value) writeStruct(out, value.struct);
  else if ("text" in value) {
    const bytes = typeof value.text === "string" ? Buffer.from(value.text) : value.text;
    out.varint(bytes.length);
    out.bytes(bytes);
  } else {
    const { list } = value;
    const type = list.length === 0 ? THRIFT.struct : typeOf(list[0]!);
    if (list.length < 15) out.byte((list.length << 4) | type);
    else {
      out.byte(0xf0 | type);
      out.varint(list.length);
    }
    for (const item of list) writeValue(out, item);
  }
}

function typeOf(value: ThriftValue): number {
  if ("i32" in value) return THRIFT.i32;
  if ("i64" in value) return THRIFT.i64;
  if ("flag" in value) return value.flag ? THRIFT.true : THRIFT.false;
  if ("text" in value) return THRIFT.binary;
  return "list" in value ? THRIFT.list : THRIFT.struct;
}
