// Which messages came twice, where they have no ids?
import { type AuditedType, CLEAN } from "../finding.js";
import { hourOf } from "../measuring/hours.js";
import { MessageMemory } from "../measuring/message-memory.js";
import type { MessageBatch, MessageCheck, TimedRows } from "../measuring/messages.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/** A column of a row's content. */
export type Content = Float64Array | Int8Array | Uint8Array;

/**
 * Blocks of messages that come again. Equal fills inside a message are real trades, so only three or more messages in a row
 * that repeat earlier ones, with their exchange times, in their order and with all their rows, are duplicates.
 *
 * @param contentOf - the columns that make up a row's content
 */
export function duplicateBlock<Rows extends TimedRows>(
  type: AuditedType,
  contentOf: (rows: Rows) => readonly Content[],
  { messages: leastMessages, memory: memorySize, badAbove }: AuditSettings["duplicate"],
): MessageCheck<Rows> {
  const memory = new MessageMemory(memorySize);
  const blocks = new Stretches();
  const repeatsByHour = new Map<number, number>();
  const messagesByHour = new Map<number, number>();
  let repeats = 0;
  // One for each column, so that it does not matter in how many pieces a message comes.
  let hashes: number[] = [];
  let exchangeUs = Number.NaN;
  let localUs = Number.NaN;
  let run: number[] = [];
  let expected = Number.NaN;

  const endRun = (): void => {
    if (run.length >= leastMessages) {
      repeats += run.length;
      blocks.add(run[0]!, run.at(-1)!);
      for (const time of run) increase(repeatsByHour, hourOf(time));
    }
    run = [];
  };
  const endMessage = (): void => {
    if (Number.isNaN(exchangeUs)) return;
    increase(messagesByHour, hourOf(localUs));
    const hash = hashes.reduce((all, one) => Math.imul(all, 0x01000193) ^ one, 0);
    const seen = memory.find(exchangeUs, hash);
    if (Number.isNaN(seen)) {
      if (run.length > 0) endRun();
      memory.keep(exchangeUs, hash);
    } else {
      if (seen !== expected) endRun();
      run.push(localUs);
    }
    expected = seen + 1;
  };
  return {
    update: ({ rows, starts, count }: MessageBatch<Rows>) => {
      const content = contentOf(rows).map(readable);
      for (let m = 0; m < count; m++) {
        const from = starts[m]!;
        // Rows of one exchange time are one message here, whenever they arrived: what comes again arrives at once.
        if (rows.timestampUs[from] !== exchangeUs) {
          endMessage();
          exchangeUs = rows.timestampUs[from]!;
          localUs = rows.localTimestampUs[from]!;
          hashes = content.map(() => 0);
        }
        const to = starts[m + 1]!;
        for (let c = 0; c < content.length; c++) {
          hashes[c] = hashRows(hashes[c]!, content[c]!, from, to);
        }
      }
    },
    finish: () => {
      endMessage();
      endRun();
      if (repeats === 0) return CLEAN;
      const marks = [...repeatsByHour].map(([hourUs, count]) => {
        const isBad = count / messagesByHour.get(hourUs)! > badAbove;
        const reason = `${count} messages came twice`;
        return { hourUs, verdict: isBad ? "bad" : "usable", reason } as const;
      });
      const finding = {
        check: "duplicate",
        type,
        count: repeats,
        firstUs: blocks.firstUs,
        isFatal: false,
        value: repeats,
        unit: "messages",
        detail: `${repeats} messages repeat earlier ones, in ${blocks.count} blocks of ${leastMessages} or more`,
        spans: blocks.spans(),
      } as const;
      return { findings: [finding], marks };
    },
  };
}

/** The 32-bit halves of a column's doubles, or its bytes as they are. */
function readable(column: Content): Uint32Array | Int8Array | Uint8Array {
  if (!(column instanceof Float64Array)) return column;
  return new Uint32Array(column.buffer, column.byteOffset, 2 * column.length);
}

/** Goes on with a hash over some rows of a column. */
function hashRows(
  start: number,
  column: Uint32Array | Int8Array | Uint8Array,
  from: number,
  to: number,
): number {
  let hash = start;
  if (column instanceof Uint32Array) {
    for (let i = 2 * from; i < 2 * to; i += 2) {
      hash = Math.imul(hash ^ column[i]! ^ Math.imul(column[i + 1]!, 0x9e3779b1), 0x01000193);
      hash ^= hash >>> 15;
    }
  } else {
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ column[i]!, 0x01000193);
  }
  return hash;
}

function increase(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
