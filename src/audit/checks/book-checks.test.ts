import { describe, expect, test } from "vitest";
import { dayStartUs, HOUR_US } from "../../core/time.js";
import { Replay } from "../../market/replay.js";
import type { BookChanges } from "../../store/tables.js";
import type { CheckResult } from "../finding.js";
import { RebuiltState } from "../measuring/book-state.js";
import { MessageCutter } from "../measuring/messages.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { crossedBook } from "./crossed-book.js";
import { lockedBook } from "./locked-book.js";
import { oneSided } from "./one-sided.js";
import { Reconnects } from "./reconnect.js";

const DAY = dayStartUs("2024-03-01");

function reconnects(...batches: BookChanges[]): CheckResult {
  const check = new Reconnects(AUDIT_SETTINGS.reconnect);
  const cutter = new MessageCutter<BookChanges>();
  for (const batch of batches) check.update(cutter.cut(batch));
  return check.finish(new Map([[DAY, HOUR_US]]));
}

/** Rows of a book: time, isSnapshot, side, price, amount. */
type ChangeRow = readonly [number, 0 | 1, 1 | -1, number, number];

const changes = (rows: readonly ChangeRow[]): BookChanges => ({
  localTimestampUs: Float64Array.from(rows, ([time]) => DAY + time),
  timestampUs: Float64Array.from(rows, ([time]) => DAY + time),
  isSnapshot: Uint8Array.from(rows, ([, isSnapshot]) => isSnapshot),
  side: Int8Array.from(rows, ([, , side]) => side),
  price: Float64Array.from(rows, (row) => row[3]),
  amount: Float64Array.from(rows, (row) => row[4]),
});

const SNAPSHOT: readonly ChangeRow[] = [
  [0, 1, 1, 99, 1],
  [0, 1, 1, 98, 1],
  [0, 1, -1, 101, 1],
];

describe("book states", () => {
  const states = async (rows: readonly ChangeRow[]): Promise<readonly CheckResult[]> => {
    const type = "incremental_book_L2";
    const checks = [
      crossedBook(type, AUDIT_SETTINGS.crossedBook),
      lockedBook(type, AUDIT_SETTINGS.lockedBook),
      oneSided(type, AUDIT_SETTINGS.oneSided),
    ];
    const state = new RebuiltState();
    const replay = new Replay({
      onTrade: () => {},
      onBook: (localUs, book) => {
        for (const check of checks) check.update(localUs, state.read(book));
      },
    });
    await replay.run({ bookChanges: [changes(rows)] });
    replay.finish();
    return checks.map((check) => check.finish(new Map([[DAY, HOUR_US]]), 1e6));
  };

  test("a book that is crossed only between the rows of one message is not crossed", async () => {
    const [crossed] = await states([
      ...SNAPSHOT,
      [1e6, 0, 1, 101, 1],
      [1e6, 0, -1, 101, 0],
      [1e6, 0, -1, 102, 1],
    ]);
    expect(crossed!.findings).toEqual([]);
  });

  test("crossed, locked and one-sided time is measured from state to state", async () => {
    const [crossed, locked, sided] = await states([
      ...SNAPSHOT,
      [10e6, 0, 1, 102, 1],
      [14e6, 0, 1, 102, 0],
      [20e6, 0, 1, 101, 1],
      [21e6, 0, 1, 101, 0],
      [30e6, 0, -1, 101, 0],
      [33e6, 0, -1, 101, 1],
    ]);
    expect(crossed!.findings).toMatchObject([
      { check: "crossed-book", count: 1, value: 4, firstUs: DAY + 10e6 },
    ]);
    expect(locked!.findings).toMatchObject([{ check: "locked-book", count: 1, value: 1 }]);
    expect(sided!.findings).toMatchObject([{ check: "one-sided", count: 1, value: 3 }]);
    expect([crossed, locked, sided].map((result) => result!.marks.length)).toEqual([1, 0, 1]);
  });

  test("a book crossed for more than one hundredth of an hour makes it bad", async () => {
    const [crossed] = await states([...SNAPSHOT, [1e6, 0, 1, 102, 1], [60e6, 0, 1, 102, 0]]);
    expect(crossed!.marks).toMatchObject([{ hourUs: DAY, verdict: "bad" }]);
  });

  test("a book that is crossed for more than half of the time is fatal, for half of it not", async () => {
    const crossedFor = async (us: number): Promise<boolean> => {
      const rows: readonly ChangeRow[] = [
        ...SNAPSHOT,
        [1e6, 0, 1, 102, 1],
        [1e6 + us, 0, 1, 102, 0],
        [HOUR_US, 0, 1, 99, 2],
      ];
      const [crossed] = await states(rows);
      return crossed!.findings[0]!.isFatal;
    };
    expect(await crossedFor(HOUR_US / 2)).toBe(false);
    expect(await crossedFor(HOUR_US / 2 + 1)).toBe(true);
  });
});

describe("reconnect", () => {
  const later = SNAPSHOT.map(([, ...rest]) => [50e6, ...rest] as unknown as ChangeRow);
  const between: readonly ChangeRow[] = [1, 2, 3, 4].map((i) => [i * 1e6, 0, 1, 99, i] as const);

  test("the day's first snapshot is none; a later one is, with the time since the last message", () => {
    const none = reconnects(changes([...SNAPSHOT, ...between]));
    expect(none.findings).toEqual([]);
    const { findings } = reconnects(changes([...SNAPSHOT, ...between]), changes(later));
    expect(findings).toMatchObject([
      { check: "reconnect", count: 1, firstUs: DAY + 4e6, value: 46 },
    ]);
  });

  test("a day of changes without a snapshot is fatal", () => {
    expect(reconnects(changes(between)).findings).toMatchObject([
      { check: "reconnect", isFatal: true, value: 3 },
    ]);
  });

  test("a venue that sends only snapshots has no reconnects", () => {
    const rows = [0, 1, 2, 3].flatMap((i) => [
      ...SNAPSHOT.map(([, ...rest]) => [i * 2e6, ...rest] as unknown as ChangeRow),
      [i * 2e6, 0, 1, 97, 0] as const,
    ]);
    expect(reconnects(changes(rows)).findings).toEqual([]);
  });
});
