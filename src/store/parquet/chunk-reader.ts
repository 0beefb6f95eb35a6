import type { FileHandle } from "node:fs/promises";
import type { ColumnChunk } from "./file-layout.js";
import { readFully } from "./read-fully.js";

/** Chunks this close to each other are read at once. */
const CLOSE_BYTES = 1 << 16;

/** Reads the chunks of row groups, one group after the other; keeps its memory between calls. */
export class ChunkReader {
  readonly #file: FileHandle;
  #room: Uint8Array = new Uint8Array(0);

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Bytes of each chunk; views that the next call changes.
   *
   * @throws {CorruptFile} the file ends before
   */
  async read(chunks: readonly ColumnChunk[]): Promise<readonly Uint8Array[]> {
    const spans = spansOf(chunks);
    const total = spans.reduce((sum, { start, end }) => sum + end - start, 0);
    if (this.#room.length < total) this.#room = Buffer.allocUnsafeSlow(2 * total);
    const found = new Map<ColumnChunk, Uint8Array>();
    let used = 0;
    for (const { start, end, chunks: within } of spans) {
      const room = this.#room.subarray(used, used + end - start);
      const bytes = await readFully(this.#file, { start, length: end - start }, room);
      for (const chunk of within) {
        const from = chunk.start - start;
        found.set(chunk, bytes.subarray(from, from + chunk.length));
      }
      used += end - start;
    }
    return chunks.map((chunk) => found.get(chunk)!);
  }
}

interface Span {
  readonly start: number;
  end: number;
  readonly chunks: ColumnChunk[];
}

/** Neighbours together, in the order of the file. */
function spansOf(chunks: readonly ColumnChunk[]): readonly Span[] {
  const spans: Span[] = [];
  for (const chunk of [...chunks].sort((a, b) => a.start - b.start)) {
    const { start, length } = chunk;
    const last = spans.at(-1);
    if (last !== undefined && start - last.end <= CLOSE_BYTES) {
      last.end = Math.max(last.end, start + length);
      last.chunks.push(chunk);
    } else spans.push({ start, end: start + length, chunks: [chunk] });
  }
  return spans;
}
