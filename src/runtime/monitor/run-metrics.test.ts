import { expect, test } from "vitest";
import { busyBoard, busyConnection, emptyBoard, START_US } from "./test-board.js";
import { HOSTILE_TEXTS } from "./test-hostile-texts.js";

/** A line of Prometheus' text format: name, labels in quotes with escapes, a number. */
const LABEL = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\n"])*"`;
const SAMPLE = new RegExp(
  String.raw`^([a-zA-Z_:][\w:]*)(?:\{(${LABEL}(?:,${LABEL})*)\})? (NaN|[+-]Inf|-?[\d.]+(?:e[+-]?\d+)?)$`,
);

/** Values by name and labels; throws where a line is none of the format. */
function parse(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  const typed = new Set<string>();
  for (const line of text.split("\n")) {
    const type = /^# TYPE (tickbook_\w+) (counter|gauge|histogram)$/.exec(line);
    if (type !== null) typed.add(type[1]!);
    if (line === "" || /^# (HELP|TYPE) tickbook_\w+ \S/.test(line)) continue;
    const sample = SAMPLE.exec(line);
    if (sample === null) throw new Error(`no line of the format: ${JSON.stringify(line)}`);
    const [, name = "", labels = "", value] = sample;
    expect(typed).toContain(
      name.replace(/_(bucket|sum|count)$/, (end) => (typed.has(name) ? end : "")),
    );
    expect(values.has(`${name}{${labels}}`)).toBe(false);
    values.set(`${name}{${labels}}`, Number(value));
  }
  return values;
}

test("each line is of the format, and the figures are those of the board", async () => {
  const { board } = busyBoard({}, { minutes: 50 });
  const state = board.snapshot();
  const values = parse(await board.metrics.text(state));
  const sum = (name: string): number =>
    [...values]
      .filter(([key]) => key.startsWith(`${name}{`))
      .reduce((total, [, value]) => total + value, 0);
  expect(sum("tickbook_events_total")).toBe(3 * 50 * 20);
  expect(sum("tickbook_decisions_total")).toBe(150);
  expect(sum("tickbook_orders_total")).toBe(sum("tickbook_fills_total"));
  expect(sum("tickbook_orders_total")).toBeGreaterThan(5);
  expect(values.get("tickbook_event_to_decision_seconds_count{}")).toBe(150);
  expect(values.get('tickbook_event_to_decision_seconds_bucket{le="+Inf"}')).toBe(150);
  expect(values.get('tickbook_event_to_decision_seconds_bucket{le="0.00005"}') ?? 0).toBe(0);
  expect(values.get("tickbook_equity_usd{}")).toBe(state.account.equityUsd);
  expect(values.get("tickbook_headroom_usd{}")).toBeCloseTo(state.account.equityUsd - 95_000, 6);
  expect(values.get('tickbook_position{symbol="ETHUSDT"}')).toBe(-3.1);
  expect(values.get('tickbook_risk_events_total{name="flatten"}')).toBe(1);
  expect(values.get("tickbook_healthy{}")).toBe(1);
  // Asked again, a counter is what it was.
  expect(
    parse(await board.metrics.text(state)).get('tickbook_events_total{symbol="BTCUSDT"}'),
  ).toBe(1000);
});

test("of a stream's connection losses, errors, waiting events and rejected rows by reason are told", async () => {
  const replay = await busyBoard().board.metrics.text(busyBoard().board.snapshot());
  expect(replay).not.toMatch(/^tickbook_(reconnects|queued|rejected)/m);
  const { board } = busyBoard({ feed: "stream" }, { minutes: 3 });
  const read = async () => parse(await board.metrics.text(board.snapshot()));
  const values = await read();
  expect(values.get("tickbook_reconnects_total{}")).toBe(2);
  expect(values.get("tickbook_connection_errors_total{}")).toBe(3);
  expect(values.get("tickbook_connection_lost{}")).toBe(0);
  expect(values.get("tickbook_queued_events{}")).toBe(17);
  expect(values.get("tickbook_queue_lag_seconds{}")).toBe(0.0013);
  expect(values.get("tickbook_clock_ahead_seconds{}")).toBe(0.0004);
  const rejected = (reason: string): string => `tickbook_rejected_rows_total{reason="${reason}"}`;
  expect(values.get(rejected("price not positive"))).toBe(12);
  expect(values.get(rejected("local_timestamp before the row above"))).toBe(3);
  const more = { "price: not positive": 13, "side: not buy, sell or unknown": 1 };
  board.connection({ ...busyConnection(), isLost: true, losses: 3, rejected: more });
  const later = await read();
  expect(later.get("tickbook_reconnects_total{}")).toBe(3);
  expect(later.get("tickbook_connection_lost{}")).toBe(1);
  expect(later.get(rejected("price not positive"))).toBe(13);
});

test("what is not known is left out, and is there once it is known", async () => {
  const { board } = emptyBoard();
  expect((await board.metrics.text(board.snapshot())).match(/^tickbook_equity_usd .*$/m)).toBe(
    null,
  );
  const account = { balanceUsd: 5, dailyFloorUsd: 1, maximumFloorUsd: 1, exposureUsd: 0 };
  board.record({ kind: "equity", run: "demo", atUs: START_US, equityUsd: 5, ...account });
  expect(await board.metrics.text(board.snapshot())).toMatch(/^tickbook_equity_usd 5$/m);
});

test("hostile names and reasons break no line, and cannot make series without end", async () => {
  const { board } = busyBoard(
    { symbols: HOSTILE_TEXTS.slice(0, 8), run: HOSTILE_TEXTS[3]! },
    { minutes: 3 },
  );
  for (let i = 0; i < 500; i++) {
    const detail = HOSTILE_TEXTS[i % HOSTILE_TEXTS.length]!;
    board.record({
      kind: "risk",
      run: "demo",
      atUs: i,
      name: `${i} ${detail}`,
      symbol: detail,
      detail,
    });
  }
  // Thousands of reasons, as no check has them.
  const reasons = Array.from({ length: 3000 }, (_, i): readonly [string, number] => {
    return [`${HOSTILE_TEXTS[i % HOSTILE_TEXTS.length]} ${i}`, 1];
  });
  board.connection({ ...busyConnection(), rejected: Object.fromEntries(reasons) });
  const values = parse(await board.metrics.text(board.snapshot()));
  const rejected = [...values].filter(([key]) => key.startsWith("tickbook_rejected_rows_total{"));
  expect(rejected.length).toBeLessThanOrEqual(41);
  expect(rejected.reduce((sum, [, rows]) => sum + rows, 0)).toBe(3000);
  const names = [...values.keys()].filter((key) => key.startsWith("tickbook_risk_events_total{"));
  expect(names.length).toBeLessThanOrEqual(41);
  expect(values.get('tickbook_risk_events_total{name="other"}')).toBeGreaterThan(400);
});

test("a reason's detail after the colon makes no series of its own", async () => {
  const { board } = emptyBoard();
  const of = { kind: "decision", run: "demo", symbol: "BTCUSDT", barEndUs: 1, model: "m" } as const;
  const rest = { probability: 0.5, side: 0, mid: 1, features: "", valid: "0", tookUs: 5 } as const;
  for (const bps of [9.1, 9.2, 9.3])
    board.record({ ...of, ...rest, reason: `spread too wide: ${bps} bps` });
  board.record({ ...of, ...rest, reason: "" });
  const values = parse(await board.metrics.text(board.snapshot()));
  const key = (reason: string): string =>
    `tickbook_decisions_total{symbol="BTCUSDT",side="none",reason="${reason}"}`;
  expect([values.get(key("spread too wide")), values.get(key("none"))]).toEqual([3, 1]);
});
