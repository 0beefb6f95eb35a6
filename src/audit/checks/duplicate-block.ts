// Which messages came twice, where they have no ids?
import { counted } from "../../core/counted.js";
import type { AuditedType } from "../../store/audited-types.js";
import { CLEAN } from "../finding.js";
import { hourOf } from "../measuring/hours.js";
import { MessageMemory } from "../measuring/message-memory.js";
import type { MessageBatch, MessageCheck, TimedRows } from "../measuring/messages.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/**
 * Adds some rows to the two sums that stand for a message's content: equal rows in equal order give equal bits, in however
 * many pieces they come, and other rows hardly ever.
 */
export type ContentSum<Rows> = (rows: Rows, from: number, to: number, sums: Float64Array) => void;

/** An irrational weight keeps prices and amounts apart. */
const SECOND_WEIGHT = Math.SQRT2;

/**
 * Blocks of messages that come again. Equal fills inside a message are real trades, so only three or more messages in a row
 * that repeat earlier ones, with their exchange times, in their order and with all their rows, are duplicates. Where a venue
 * tells no exchange time, the vendor puts the arrival's in its place: what comes again then has a new one, and is not told.
 *
 * @param add - adds some rows to the sum of their content
 */
export function duplicateBlock<Rows extends TimedRows>(
  type: AuditedType,
  add: ContentSum<Rows>,
  { messages: leastMessages, memory: memorySize, badAbove }: AuditSettings["duplicate"],
): MessageCheck<Rows> {
  const memory = new MessageMemory(memorySize);
  const blocks = new Stretches();
  const repeatsByHour = new Map<number, number>();
  const messagesByHour = new Map<number, number>();
  let repeats = 0;
  const sums = new Float64Array(2);
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
    const content = sums[0]! + SECOND_WEIGHT * sums[1]!;
    const seen = memory.find(exchangeUs, content);
    if (Number.isNaN(seen)) {
      if (run.length > 0) endRun();
      memory.keep(exchangeUs, content);
    } else {
      if (seen !== expected) endRun();
      run.push(localUs);
    }
    expected = seen + 1;
  };
  return {
    update: ({
      rows,
      starts,
      count,
      localUs: locals,
      exchangeUs: exchanges,
    }: MessageBatch<Rows>) => {
      for (let m = 0; m < count; m++) {
        const from = starts[m]!;
        // Rows of one exchange time are one message here, whenever they arrived: what comes again arrives at once.
        if (exchanges[m] !== exchangeUs) {
          endMessage();
          exchangeUs = exchanges[m]!;
          localUs = locals[m]!;
          sums.fill(0);
        }
        add(rows, from, starts[m + 1]!, sums);
      }
    },
    finish: () => {
      endMessage();
      endRun();
      if (repeats === 0) return CLEAN;
      const marks = [...repeatsByHour].map(([hourUs, count]) => {
        const isBad = count / messagesByHour.get(hourUs)! > badAbove;
        const reason = `${counted(count, "message")} came twice`;
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
        detail: `${counted(repeats, "message")} repeat earlier ones, in ${counted(blocks.count, "block")} of ${leastMessages} or more`,
        spans: blocks.spans(),
      } as const;
      return { findings: [finding], marks };
    },
  };
}

function increase(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
