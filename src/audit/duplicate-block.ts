// Which messages came twice, where they have no ids?
import { type AuditedType, CLEAN, hourOf, type RowCheck, type TimedRows } from "./finding.js";
import type { AuditSettings } from "./settings.js";

/**
 * Blocks of messages that come again. Rows of one exchange time are one message; equal fills inside a message are real
 * trades, so only three or more messages in a row that repeat earlier ones, in their order and with all their rows, are
 * duplicates.
 *
 * @param contentOf - the columns that make up a row's content
 */
export function duplicateBlock<Rows extends TimedRows>(
  type: AuditedType,
  contentOf: (rows: Rows) => readonly ArrayLike<number>[],
  settings: AuditSettings,
): RowCheck<Rows> {
  const memory = new MessageMemory(settings.duplicateMemory);
  let hash = 0;
  let exchangeUs = Number.NaN;
  let localUs = Number.NaN;
  let messages = 0;
  let run: number[] = [];
  let expected = Number.NaN;
  const repeats: number[] = [];
  const perHour = new Map<number, number>();

  const endRun = (): void => {
    if (run.length >= settings.duplicateMessages) repeats.push(...run);
    run = [];
  };
  const endMessage = (): void => {
    if (Number.isNaN(exchangeUs)) return;
    messages++;
    perHour.set(hourOf(localUs), (perHour.get(hourOf(localUs)) ?? 0) + 1);
    const seen = memory.exchange(exchangeUs, hash, messages);
    if (Number.isNaN(seen)) {
      endRun();
    } else {
      if (seen !== expected) endRun();
      run.push(localUs);
    }
    expected = seen + 1;
  };
  return {
    update: (rows) => {
      const content = contentOf(rows).map(wordsOf);
      for (let i = 0; i < rows.timestampUs.length; i++) {
        if (rows.timestampUs[i] !== exchangeUs) {
          endMessage();
          exchangeUs = rows.timestampUs[i]!;
          localUs = rows.localTimestampUs[i]!;
          hash = 0;
        }
        for (let c = 0; c < content.length; c++) {
          const words = content[c]!;
          hash = Math.imul(hash ^ words[2 * i]!, 0x01000193);
          hash = Math.imul(hash ^ words[2 * i + 1]! ^ (hash >>> 15), 0x01000193);
        }
      }
    },
    finish: () => {
      endMessage();
      endRun();
      if (repeats.length === 0) return CLEAN;
      const byHour = new Map<number, number>();
      for (const time of repeats) byHour.set(hourOf(time), (byHour.get(hourOf(time)) ?? 0) + 1);
      const marks = [...byHour].map(([hourUs, count]) => {
        const isBad = count / perHour.get(hourUs)! > settings.hour.duplicateBad;
        const reason = `${count} messages came twice`;
        return { hourUs, verdict: isBad ? "bad" : "usable", reason } as const;
      });
      const finding = {
        check: "duplicate",
        type,
        count: repeats.length,
        firstUs: repeats[0]!,
        isFatal: false,
        value: repeats.length,
        unit: "messages",
        detail: `${repeats.length} messages repeat earlier ones in blocks of ${settings.duplicateMessages} or more`,
      } as const;
      return { findings: [finding], marks };
    },
  };
}

/** The 32-bit halves of a column's doubles. */
function wordsOf(column: ArrayLike<number>): Uint32Array {
  const doubles = column instanceof Float64Array ? column : Float64Array.from(column);
  return new Uint32Array(doubles.buffer, doubles.byteOffset, 2 * doubles.length);
}

/** The last messages by exchange time, with a hash of their content and their number; the oldest go first. */
class MessageMemory {
  private readonly slots = new Map<number, number>();
  private readonly times: Float64Array;
  private readonly hashes: Int32Array;
  private readonly numbers: Float64Array;
  private next = 0;

  constructor(capacity: number) {
    this.times = new Float64Array(capacity).fill(Number.NaN);
    this.hashes = new Int32Array(capacity);
    this.numbers = new Float64Array(capacity);
  }

  /** Number of the message of the same time and content; NaN when there is none, and then this one is kept. */
  exchange(timeUs: number, hash: number, number: number): number {
    const known = this.slots.get(timeUs);
    if (known !== undefined && this.hashes[known] === hash) return this.numbers[known]!;
    const slot = known ?? this.next;
    if (known === undefined) {
      this.slots.delete(this.times[slot]!);
      this.slots.set(timeUs, slot);
      this.next = (this.next + 1) % this.times.length;
    }
    this.times[slot] = timeUs;
    this.hashes[slot] = hash;
    this.numbers[slot] = number;
    return Number.NaN;
  }
}
