import type { ThriftField } from "./compact-thrift.js";
import type { Range } from "./range.js";
import type { StoredType } from "./stored-column.js";

/**
 * What readers skip row groups by: the number of nulls, and the range where there is one.
 *
 * @param type - BIGINT or DOUBLE where there is a range
 * @returns the fields of Parquet's `Statistics`
 */
export function columnStatistics(
  type: StoredType,
  nulls: number,
  range: Range | undefined,
): readonly ThriftField[] {
  const counted: ThriftField = [3, { i64: nulls }];
  if (range === undefined) return [counted];
  const isDouble = type === "DOUBLE";
  // Zero has two signs, and readers may compare bits.
  const low = range.low === 0 && isDouble ? -0 : range.low;
  const high = range.high === 0 ? 0 : range.high;
  const encode = isDouble ? doubleBytes : wholeBytes;
  return [counted, [5, { text: encode(high) }], [6, { text: encode(low) }]];
}

function doubleBytes(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function wholeBytes(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}
