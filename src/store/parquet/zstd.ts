import { compress as compressBlock, init } from "@bokuweb/zstd-wasm";

/** Stronger levels of pages that are packed already save a few percent and cost as many times the time. */
const LEVEL = 1;

let ready: Promise<void> | undefined;

/** Loads the compressor; once a thread. */
export function loadZstd(): Promise<void> {
  ready ??= init();
  return ready;
}

/** A zstd frame of the bytes, the same on every machine: the compressor is WebAssembly. Needs `loadZstd` before. */
export function compress(bytes: Uint8Array): Uint8Array {
  return compressBlock(bytes as Buffer, LEVEL);
}
