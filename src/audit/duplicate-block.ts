// Which messages came twice, where they have no ids?
import { type AuditedType, CLEAN, hourOf, type RowCheck, type TimedRows } from "./finding.js";
import type { AuditSettings } from "./settings.js";

/** A message seen before: a hash of its content and its number. */
interface Seen {
  readonly hash: number;
  readonly message: number;
}

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
  const memory = new Map<number, Seen>();
  const bits = new Float64Array(1);
  const words = new Uint32Array(bits.buffer);
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
    const seen = memory.get(exchangeUs);
    if (seen?.hash === hash) {
      if (seen.message !== expected) endRun();
      run.push(localUs);
      expected = seen.message + 1;
      return;
    }
    endRun();
    expected = Number.NaN;
    memory.set(exchangeUs, { hash, message: messages });
    if (memory.size > settings.duplicateMemory) memory.delete(memory.keys().next().value!);
  };
  return {
    update: (rows) => {
      const content = contentOf(rows);
      for (let i = 0; i < rows.timestampUs.length; i++) {
        if (rows.timestampUs[i] !== exchangeUs) {
          endMessage();
          exchangeUs = rows.timestampUs[i]!;
          localUs = rows.localTimestampUs[i]!;
          hash = 0;
        }
        for (const column of content) {
          bits[0] = column[i]!;
          hash = Math.imul(hash ^ words[0]!, 0x01000193);
          hash = Math.imul(hash ^ words[1]! ^ (hash >>> 15), 0x01000193);
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
