import { seededRandom } from "../../core/random.js";
import type { ConnectionFacts } from "../feed/feed.js";
import { MonitorBoard } from "./monitor-board.js";
import type { RunFacts } from "./monitor-state.js";

/** 2024-03-01 08:00 UTC. */
export const START_US = 1_709_280_000e6;
export const MINUTE_US = 60e6;

/** A clock of the machine that a test moves. */
export interface TestClock {
  ms: number;
}

/** Facts of a run on a simulated market. */
const FACTS: RunFacts = {
  run: "demo-strong",
  mode: "paper",
  feed: "replay",
  exchange: "simulated",
  symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"],
  models: ["logistic@3f9c1a"],
  isSimulated: true,
  isUnpromoted: false,
};

const MIDS: Readonly<Record<string, number>> = {
  BTCUSDT: 62_410.5,
  ETHUSDT: 3391.2,
  SOLUSDT: 128.44,
};
const ABSTAINED = ["spread too wide: 9.1 bps", "probability within the threshold", "cooldown"];

/** A connection that was lost twice, with other texts in turn. */
export function busyConnection(texts: readonly string[] = []): ConnectionFacts {
  const rejected = { "price: not positive": 12, "local_timestamp: before the row above": 3 };
  return {
    ...{ isLost: false, losses: 2, errorCount: 3, queued: 17 },
    ...{ lagUs: 1_300, aheadUs: 400 },
    errors: ["read ECONNRESET", "the sequence of BTCUSDT had no overlap", ...texts],
    rejected: { ...rejected, ...Object.fromEntries(texts.map((text, i) => [text, i + 1])) },
  };
}

/** A board without anything on it, on a clock that stands. */
export function emptyBoard(facts: Partial<RunFacts> = {}): {
  board: MonitorBoard;
  clock: TestClock;
} {
  const clock = { ms: 1_709_290_000_000 };
  const options = { initialUsd: 100_000, staleAfterMs: 5000, clock: () => clock.ms };
  return { board: new MonitorBoard({ ...FACTS, ...facts }, options), clock };
}

/** A board after a morning's run; every text on it can be one of others, in turn. */
export function busyBoard(
  facts: Partial<RunFacts> = {},
  {
    minutes = 420,
    texts = [],
  }: { readonly minutes?: number; readonly texts?: readonly string[] } = {},
): { board: MonitorBoard; clock: TestClock } {
  const { board, clock } = emptyBoard(facts);
  const random = seededRandom(7);
  board.phase("running");
  board.limits({ phase: "challenge", initialUsd: 100_000, targetUsd: 110_000 });
  let equityUsd = 100_000;
  for (let minute = 1; minute <= minutes; minute++) {
    clock.ms += 250;
    equityUsd += 300 * (random.uniform() - 0.485);
    playMinute(board, { minute, equityUsd, uniform: () => random.uniform(), texts });
    if (minute % 120 === 0) board.snapshot();
  }
  clock.ms += 400;
  board.positions([
    {
      symbol: facts.symbols?.[0] ?? "BTCUSDT",
      amount: 0.25,
      entryPrice: 62_180,
      mid: 62_410.5,
      floatingUsd: 57.63,
    },
    {
      symbol: facts.symbols?.[1] ?? "ETHUSDT",
      amount: -3.1,
      entryPrice: 3388.4,
      mid: 3391.2,
      floatingUsd: -8.68,
    },
  ]);
  for (const [i, symbol] of board.facts.symbols.entries()) {
    board.feed(symbol, { isBookValid: true, spreadBps: 0.4 + i });
  }
  const risk = { kind: "risk", run: "demo", atUs: START_US } as const;
  if (board.facts.feed === "stream") board.connection(busyConnection(texts));
  board.record({ ...risk, name: "flatten", symbol: "", detail: "midnight nears" });
  const line = { atMs: clock.ms, level: "info", text: "process-start" } as const;
  board.log({ ...line, detail: "detail=process 4711 drives the run" });
  board.log({ ...line, level: "warn", text: "feed reconnected", detail: "symbol=ETHUSDT tries=1" });
  for (const text of texts) {
    board.record({ ...risk, name: text, symbol: text, detail: text });
    board.log({ ...line, text, detail: text });
  }
  board.snapshot();
  return { board, clock };
}

interface Minute {
  readonly minute: number;
  readonly equityUsd: number;
  readonly uniform: () => number;
  readonly texts: readonly string[];
}

function playMinute(board: MonitorBoard, { minute, equityUsd, uniform, texts }: Minute): void {
  const atUs = START_US + minute * MINUTE_US;
  const run = "demo";
  for (const [place, symbol] of board.facts.symbols.entries()) {
    const text = texts[(minute + place) % texts.length];
    for (let i = 0; i < 20; i++) board.event(symbol, atUs - 1000 * i);
    const probability = 0.3 + 0.4 * uniform();
    const isStaked = Math.abs(probability - 0.5) > 0.18;
    const side = isStaked ? (probability > 0.5 ? 1 : -1) : 0;
    const reason = text ?? (isStaked ? "" : ABSTAINED[minute % 3]!);
    const tookUs = 300 + 2500 * uniform() ** 6;
    const of = { run, symbol, barEndUs: atUs };
    const mid = MIDS[symbol] ?? 100;
    const asked = { model: "logistic@3f9c1a", features: "", valid: "0", mid };
    board.record({ kind: "decision", ...of, ...asked, probability, side, reason, tookUs });
    board.journalTook(900 + 6000 * uniform() ** 4);
    if (side === 0) continue;
    const id = `${symbol}-${minute}`;
    const amount = 5000 / mid;
    board.record({ kind: "order", ...of, id, side, amount, purpose: "entry", decidedUs: atUs });
    const valueUsd = 5000;
    board.record({
      kind: "fill",
      run,
      orderId: id,
      number: 0,
      symbol,
      atUs,
      amount: side * amount,
      valueUsd,
      feeUsd: 1.63,
      mid,
    });
    board.record({
      kind: "order-end",
      run,
      orderId: id,
      atUs,
      status: "filled",
      reason: text ?? "",
    });
  }
  const floors = { dailyFloorUsd: minute < 300 ? 95_000 : 95_850, maximumFloorUsd: 90_000 };
  board.record({
    kind: "equity",
    run,
    atUs,
    equityUsd,
    balanceUsd: equityUsd - 49,
    ...floors,
    exposureUsd: 26_100,
  });
}
