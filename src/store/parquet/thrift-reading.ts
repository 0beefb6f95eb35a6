import type { ByteCursor } from "./byte-cursor.js";
import { THRIFT } from "./compact-thrift.js";
import { CorruptFile, requireSound } from "./corrupt-file.js";

/** A structure as it was read: its fields by their numbers. */
export type ThriftStruct = ReadonlyMap<number, ThriftRead>;

/** Values as they were read; texts are bytes. */
export type ThriftRead = number | boolean | Uint8Array | ThriftStruct | readonly ThriftRead[];

/** Structures in structures; Parquet's metadata have a handful. */
const DEEPEST = 16;

/**
 * Reads what `compactThrift` writes, and leaves the cursor behind it.
 *
 * @throws {CorruptFile} it is none
 */
export function readThrift(cursor: ByteCursor, depth = 0): ThriftStruct {
  requireSound(depth < DEEPEST, "had metadata nested too deeply");
  const fields = new Map<number, ThriftRead>();
  for (let id = 0; ; ) {
    const head = cursor.byte();
    if (head === 0) return fields;
    id = head < 0x10 ? cursor.zigzag() : id + (head >>> 4);
    const type = head & 0x0f;
    const isFlag = type === THRIFT.true || type === THRIFT.false;
    fields.set(id, isFlag ? type === THRIFT.true : readValue(cursor, type, depth));
  }
}

function readValue(cursor: ByteCursor, type: number, depth: number): ThriftRead {
  switch (type) {
    case THRIFT.i32:
    case THRIFT.i64:
      return cursor.zigzag();
    case THRIFT.binary:
      return cursor.take(cursor.varint());
    case THRIFT.list:
      return readList(cursor, depth);
    case THRIFT.struct:
      return readThrift(cursor, depth + 1);
    default:
      throw new CorruptFile("had metadata of an unknown type");
  }
}

function readList(cursor: ByteCursor, depth: number): readonly ThriftRead[] {
  const head = cursor.byte();
  const count = head >>> 4 === 15 ? cursor.varint() : head >>> 4;
  const items: ThriftRead[] = [];
  // Each item takes a byte at least: no count makes this go on beyond the bytes.
  for (let i = 0; i < count; i++) {
    const type = head & 0x0f;
    items.push(readValue(cursor, type, depth + 1));
  }
  return items;
}

/** A number of a structure. */
export function numberIn(struct: ThriftStruct, id: number): number {
  const value = struct.get(id);
  requireSound(typeof value === "number", `had no number in field ${id} of its metadata`);
  return value;
}

/** A text of a structure; empty where there is none. */
export function textIn(struct: ThriftStruct, id: number): string {
  const value = struct.get(id) ?? new Uint8Array(0);
  requireSound(value instanceof Uint8Array, `had no text in field ${id} of its metadata`);
  return Buffer.from(value).toString();
}

/** A structure in a structure. */
export function structIn(struct: ThriftStruct, id: number): ThriftStruct {
  return asStruct(struct.get(id));
}

/** The structures of a list in a structure. */
export function structsIn(struct: ThriftStruct, id: number): readonly ThriftStruct[] {
  return listIn(struct, id).map(asStruct);
}

/** A list in a structure. */
export function listIn(struct: ThriftStruct, id: number): readonly ThriftRead[] {
  const value = struct.get(id);
  requireSound(Array.isArray(value), `had no list in field ${id} of its metadata`);
  return value as readonly ThriftRead[];
}

function asStruct(value: ThriftRead | undefined): ThriftStruct {
  requireSound(value instanceof Map, "had a value in its metadata where a structure was due");
  return value;
}
