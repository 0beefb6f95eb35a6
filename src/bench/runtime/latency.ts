// From an exchange's message to a decision, at a busy market's pace.
import path from "node:path";
import { quantile } from "../../core/statistics.js";
import { dayStartUs } from "../../core/time.js";
import { startPostgres } from "../../faults/runtime/postgres-server.js";
import type { LiveModel } from "../../runtime/signal/live-model.js";
import { readTrades } from "../../store/read.js";
import { openStore } from "../../store/store.js";
import { alternate, type Contestant } from "../alternate.js";
import type { BenchResult } from "../benchmark.js";
import { messageCount, wholeDay } from "../book/whole-day.js";
import { best } from "../compare.js";
import { atLeast } from "../figures.js";
import { inProcesses } from "../in-processes.js";
import { readDoubles } from "../logistic/doubles-file.js";
import { startExchangeProcess } from "./exchange-process.js";
import { type LatencyJob, type LatencyWork, latencyJob } from "./latency-job.js";
import { type LatencyTimes, latencyTimes, sentPerSecond, WARM_UP_BARS } from "./latency-times.js";
import type { Kind } from "./live-models.js";
import type { LiveStore } from "./live-store.js";
import { writeModel } from "./model-files.js";
import { playedMarket } from "./played-market.js";

/** Messages that the exchange is to send a second, on average, while bars are timed. */
const EVENTS_PER_SECOND = 5000;

/** An exchange that sends as it is told sends so much less for its timers and the ends of the time that is counted. */
const PACE_TOLERANCE = 0.02;

/** From the event that closes a bar to the decisions, ms, 99 of a hundred. */
const DECISION_MS = 5;

/** Which models with which database: what a journal costs does not depend on the model. */
const RUNS: readonly (readonly [kind: Kind, database: "PGlite" | "PostgreSQL"])[] = [
  ["logistic", "PGlite"],
  ["logistic", "PostgreSQL"],
  ["lstm", "PGlite"],
];

/** Where and on what is measured. */
export interface LatencyArena {
  readonly root: string;
  readonly folder: string;
  readonly live: LiveStore;
  readonly models: Readonly<Record<Kind, LiveModel>>;
  readonly bars: number;
}

interface Measured {
  readonly times: LatencyTimes;
  readonly work: LatencyWork;
  /** Messages that were really sent, a second, while bars were timed. */
  readonly eventsPerSecond: number;
}

/** Latencies of some models, with the embedded journal and with a server's. */
export async function latency(
  arena: LatencyArena,
  rounds: Parameters<typeof alternate>[1],
): Promise<readonly BenchResult[]> {
  const speed = await speedFor(arena);
  const postgres = await startPostgres({ isFlushing: true });
  try {
    const contestants: Contestant<Measured>[] = [];
    for (const [kind, database] of RUNS) {
      const model = path.join(arena.folder, `model-${kind}`);
      await writeModel(model, arena.models[kind]);
      const where = database === "PGlite" ? {} : { databaseUrl: postgres.url };
      const run = (round: number): Promise<Measured> =>
        measure(arena, { speed, model, name: `${kind}-${database}-${round}`, ...where });
      contestants.push({ name: `${kind}, ${database}`, run });
    }
    const runs = await alternate(contestants, rounds);
    return Object.entries(runs).flatMap(([name, measured]) => resultsOf(name, measured));
  } finally {
    await postgres.remove();
  }
}

/** Market time by the machine's at which so many messages go out a second while bars are timed. */
async function speedFor({ live, bars }: LatencyArena): Promise<number> {
  const { root, exchange, symbols, days, barUs } = live;
  const date = days[0]!;
  const beginUs = dayStartUs(date);
  const span: Span = {
    fromUs: beginUs + (WARM_UP_BARS + 1) * barUs,
    untilUs: beginUs + (WARM_UP_BARS + bars) * barUs,
  };
  let messages = await tradesWithin(root, { exchange, symbols, date }, span);
  for (const symbol of symbols) {
    const changes = await wholeDay(root, { exchange, symbol, date });
    const localTimestampUs = changes.localTimestampUs.filter(within(span));
    messages += messageCount({ ...changes, localTimestampUs });
  }
  return (EVENTS_PER_SECOND * (span.untilUs - span.fromUs)) / 1e6 / messages;
}

interface Span {
  readonly fromUs: number;
  readonly untilUs: number;
}

const within =
  ({ fromUs, untilUs }: Span): ((us: number) => boolean) =>
  (us) =>
    us >= fromUs && us < untilUs;

async function tradesWithin(
  root: string,
  { symbols, ...day }: Pick<LiveStore, "exchange" | "symbols"> & { readonly date: string },
  span: Span,
): Promise<number> {
  const store = await openStore(root);
  let trades = 0;
  for (const symbol of symbols) {
    for await (const { localTimestampUs } of readTrades(store, { ...day, symbol })) {
      trades += localTimestampUs.filter(within(span)).length;
    }
  }
  await store.close();
  return trades;
}

async function measure(
  { root, folder, live, bars }: LatencyArena,
  asked: Pick<LatencyJob, "model" | "databaseUrl"> & {
    readonly speed: number;
    readonly name: string;
  },
): Promise<Measured> {
  const { speed, name, ...job } = asked;
  const file = path.join(folder, `sent-${name}.f64`);
  const options = { ...playedMarket(live), speed };
  const server = await startExchangeProcess(root, { options, file });
  try {
    const eventsFile = path.join(folder, `taken-${name}.f64`);
    const url = `${server.url}?arrivals=true`;
    const run = `latency-${name}`;
    const whole: LatencyJob = { ...job, live, run, url, bars: WARM_UP_BARS + bars, eventsFile };
    const [work] = await inProcesses<LatencyJob, LatencyWork>([whole], {
      script: path.join(root, "dist", "bench", "runtime", "latency-child.js"),
      here: latencyJob,
      nameOf: ({ run }) => run,
      onDone: () => {},
    });
    const sent = await server.end();
    const taken = await readDoubles(eventsFile);
    const times = latencyTimes(sent, taken, work!.bars);
    return { times, work: work!, eventsPerSecond: sentPerSecond(sent, work!.bars) };
  } finally {
    server.kill();
  }
}

function resultsOf(name: string, measured: readonly Measured[]): readonly BenchResult[] {
  const figure = (
    what: string,
    pick: keyof LatencyTimes,
    level: number,
    bar: number | null = null,
  ): BenchResult => {
    const runs = measured.flatMap(({ times }) =>
      times[pick].length === 0 ? [] : [quantile(times[pick], level)],
    );
    return best(
      { name: `${name}: ${what}, p${100 * level}`, runs },
      { what: `${what}, p${100 * level}, ${name}`, unit: "ms", bar },
    );
  };
  const { events } = measured[0]!.work;
  const bars = measured[0]!.work.bars.slice(WARM_UP_BARS);
  const decisions = bars.reduce((sum, { symbols }) => sum + symbols, 0);
  const count = (value: number): string => Math.round(value).toLocaleString("en");
  const note =
    `${count(decisions)} decisions on ${count(bars.length)} bars, after ${WARM_UP_BARS} that warm the process up, among ${count(events)} arrivals; ` +
    "the least of the rounds, as all figures of this table are, whose runs tell the others; " +
    "from the exchange's call that sends the message that closes the bar: socket, the vendor's client, book, 53 features, model, signal, account, " +
    "limits and order of every symbol, until they are handed to the journal";
  return [
    paceResult(name, measured),
    figure("an event sent to taken up by its market", "taken", 0.5),
    figure("an event sent to taken up by its market", "taken", 0.99),
    figure("an event sent to the decisions on the bar that it closes", "decided", 0.5),
    {
      ...figure(
        "an event sent to the decisions on the bar that it closes",
        "decided",
        0.99,
        DECISION_MS,
      ),
      note,
    },
    figure("decisions made to durable", "durable", 0.5),
    figure("decisions made to durable", "durable", 0.99),
    figure("decisions with an entry to committed", "committed", 0.99),
  ];
}

/** At a slower pace latencies show nothing: the worst of the rounds is judged. */
function paceResult(name: string, measured: readonly Measured[]): BenchResult {
  const runs = measured.map(({ eventsPerSecond }) => eventsPerSecond);
  return atLeast(EVENTS_PER_SECOND * (1 - PACE_TOLERANCE), {
    what: `messages that the exchange sent while bars were timed, ${name}`,
    unit: "messages/s",
    value: Math.min(...runs),
    note: `the least of all rounds, of ${EVENTS_PER_SECOND.toLocaleString("en")} that are asked for less ${100 * PACE_TOLERANCE} %`,
    runs: { [`${name}: messages that the exchange sent`]: runs },
  });
}
