import type { BenchResult } from "../benchmark.js";
import { best, compare, type NamedRuns, within } from "../compare.js";
import { COMMAND, COMPUTING, type DayRun, READING } from "./day-contestants.js";
import type { MadeStore } from "./made-store.js";

/** Events of a busy day that one core is to compute all features of, a second. */
const EVENTS_PER_SECOND = 4e6;

/** What a day at work may hold beside the columns in flight, which whoever reads the same tables holds, too. */
const ABOVE_COLUMNS_MIB = 256;

const NO_RIVAL =
  "no other program computes these 53 from changes of a book, so there is no rival to hold beside";

/**
 * Speed and memory of a day's features.
 *
 * @param days - made days by name; only the speed of the first has a bar
 */
export function dayFigures(
  runs: Readonly<Record<string, readonly DayRun[]>>,
  days: Readonly<Record<string, MadeStore>>,
): readonly BenchResult[] {
  return Object.entries(days).flatMap(([name, store], i) => {
    const computing = runs[`${COMPUTING}, ${name}`]!;
    const reading = runs[`${READING}, ${name}`]!;
    const command = runs[`${COMMAND}, ${name}`]!.map(({ wallSeconds }) => wallSeconds);
    const speed = best(rates(computing, store), {
      what: `${COMPUTING} from Parquet on one core, ${name}`,
      unit: "events/s",
      bar: i === 0 ? EVENTS_PER_SECOND : null,
      isRate: true,
    });
    const work = workOf(computing, store);
    return [
      { ...speed, note: i === 0 ? `${work}; ${NO_RIVAL}` : work },
      sameAnswers(computing, name),
      ...memory(computing, reading, name),
      best(
        { name: COMMAND, runs: command },
        { what: `${COMMAND}, whole process, ${name}`, unit: "s", bar: null },
      ),
    ];
  });
}

/** Events a second by the clock or by the time of the processor, whichever is longer: more than one core gains nothing. */
function rates(runs: readonly DayRun[], { trades, bookChanges }: MadeStore): NamedRuns {
  const events = trades + bookChanges;
  const rate = ({ work }: DayRun): number => events / Math.max(work!.seconds, work!.cpuSeconds);
  return { name: COMPUTING, runs: runs.map(rate) };
}

/** A fast wrong result is none: each round has to give the same bits. */
function sameAnswers(runs: readonly DayRun[], name: string): BenchResult {
  const answers = new Set(runs.map(({ work }) => work!.sha256)).size;
  return within(
    { name: COMPUTING, runs: [answers] },
    { what: `what the rounds gave, ${name}`, unit: "different answers", bar: 1 },
  );
}

function memory(
  computing: readonly DayRun[],
  reading: readonly DayRun[],
  name: string,
): readonly BenchResult[] {
  const mib = (runs: readonly DayRun[]): number[] => runs.map((run) => run.peakBytes / 2 ** 20);
  const columns = { name: READING, runs: mib(reading) };
  const whole = { name: COMPUTING, runs: mib(computing) };
  const above = whole.runs.map((peak, round) => peak - columns.runs[round]!);
  return [
    within(
      { name: COMPUTING, runs: above },
      {
        what: `peak memory above the columns in flight, ${name}`,
        unit: "MiB",
        bar: ABOVE_COLUMNS_MIB,
      },
    ),
    compare(whole, columns, { what: `peak memory, ${name}`, unit: "MiB", bar: null }),
  ];
}

function workOf(runs: readonly DayRun[], { trades, bookChanges }: MadeStore): string {
  const least = (pick: "seconds" | "cpuSeconds"): string =>
    Math.min(...runs.map(({ work }) => work![pick])).toFixed(2);
  const count = (rows: number): string => rows.toLocaleString("en");
  const bars = count(runs[0]!.work!.rows);
  return `${count(bookChanges)} book rows and ${count(trades)} trades become ${bars} bars, in ${least("seconds")} s by the clock and ${least("cpuSeconds")} s of processor time from an open store to the last row`;
}
