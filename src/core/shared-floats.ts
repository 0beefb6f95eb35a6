/**
 * Zeros in memory that threads read where it is: what is handed to a thread is not copied.
 *
 * @param length - number of values
 */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
