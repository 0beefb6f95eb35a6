import fc from "fast-check";
import { expect, test } from "vitest";
import { dayStartUs, HOUR_US } from "../../core/time.js";
import type { IdentifiedTrades } from "../../store/tables.js";
import { MessageCutter } from "../measuring/messages.js";
import { SeenIds } from "../measuring/seen-ids.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { TradeIdCheck } from "./trade-ids.js";

const DAY = dayStartUs("2024-03-01");

/** Trades a second apart with ids, in batches of seven. */
function checkOf(ids: readonly number[], idOf: (id: number) => string = String): TradeIdCheck {
  const check = new TradeIdCheck(AUDIT_SETTINGS);
  const cutter = new MessageCutter<IdentifiedTrades>();
  for (let from = 0; from < ids.length; from += 7) {
    const part = ids.slice(from, from + 7);
    const times = Float64Array.from(part, (_, i) => DAY + 1e6 * (from + i));
    const rows = {
      localTimestampUs: times,
      timestampUs: times,
      side: new Int8Array(part.length),
      price: new Float64Array(part.length),
      amount: new Float64Array(part.length),
      id: part.map(idOf),
    };
    check.update(cutter.cut(rows));
  }
  return check;
}

test("trades whose id came before are counted at their places, whatever the order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 }), (ids) => {
      const repeats = ids.flatMap((id, i) => (ids.indexOf(id) < i ? [DAY + 1e6 * i] : []));
      for (const idOf of [String, (id: number) => `trade-${id}`]) {
        const { findings } = checkOf(ids, idOf).duplicates();
        expect(findings.map(({ count, firstUs }) => [count, firstUs])).toEqual(
          repeats.length === 0 ? [] : [[repeats.length, repeats[0]]],
        );
        expect(findings.flatMap(({ spans }) => spans.map(([from]) => from))).toEqual(repeats);
      }
    }),
    { seed: 11, numRuns: 200 },
  );
});

test("trades are told apart by their ids where most of them have one", () => {
  const ids = Array.from({ length: 100 }, (_, i) => i);
  const withIds = (share: number) => checkOf(ids, (id) => (id < 100 * share ? String(id) : ""));
  expect([0, 0.02, 0.49, 0.5, 1].map((share) => withIds(share).areTold())).toEqual([
    ...[false, false, false, true, true],
  ]);
});

test("one id that is left out is a jump between its neighbours; ids that are no sequence have none", () => {
  const whole = Array.from({ length: 500 }, (_, i) => 900 + i);
  expect(checkOf(whole).sequenceJumps().findings).toEqual([]);
  const cut = whole.filter((id) => id !== 1000 && id !== 1200 && id !== 1201);
  expect(checkOf(cut).sequenceJumps()).toMatchObject({
    findings: [
      {
        check: "sequence-jump",
        count: 2,
        value: 3,
        firstUs: DAY + 99e6,
        spans: [
          [DAY + 99e6, DAY + 100e6],
          [DAY + 298e6, DAY + 299e6],
        ],
      },
    ],
    marks: [{ hourUs: DAY, verdict: "usable" }],
  });
  expect(checkOf(whole.map((id) => 3 * id)).sequenceJumps().findings).toEqual([]);
});

test("a trade that arrives late fills the hole that it had left", () => {
  const { findings } = checkOf([1, 2, 3, 5, 6, 4, 7, 8, 12, 13]).sequenceJumps();
  expect(findings).toMatchObject([{ count: 1, value: 3, firstUs: DAY + 7e6 }]);
  expect(findings[0]!.detail).toMatch(/^3 ids missing at 1 place,/);
  const swapped = checkOf([1, 2, 4, 3, 5, 6, 7]).sequenceJumps();
  expect(swapped).toEqual({ findings: [], marks: [] });
});

/** Ids that count up but for 499 of them. */
const counted = Array.from({ length: 5000 }, (_, i) => (i < 3000 ? i : i + 499));

test.each([
  ["a wild id", counted.map((id, i) => (i === 1000 ? 99_999_999_999_999 : id)), 500],
  ["a wild id at the end", [...counted, 99_999_999_999_999], 499],
  ["a low id at the start", [7, ...counted.map((id) => 1e6 + id)], 499],
  ["ids that begin anew", [...counted.map((id) => 500_000 + id), ...counted.slice(0, 2500)], 499],
])("%s is no hole, and hides none", (_, ids, missing) => {
  const { findings, marks } = checkOf(ids).sequenceJumps();
  expect(findings.map(({ value }) => value)).toEqual([missing]);
  expect(marks).toHaveLength(1);
});

test("ids of more digits than a number holds are told apart and followed, over a change of their first digits", () => {
  for (const base of [10n ** 16n, 10n ** 30n + 5n, 3n * 10n ** 15n - 2500n]) {
    const check = checkOf(counted, (id) => String(base + BigInt(id)));
    expect(check.duplicates().findings).toEqual([]);
    expect(check.sequenceJumps().findings).toMatchObject([{ count: 1, value: 499 }]);
  }
});

test("where every other id comes it is a numbering", () => {
  const every = Array.from({ length: 3000 }, (_, i) => (i < 1000 ? i : 1000 + 2 * (i - 1000)));
  expect(checkOf(every).sequenceJumps().findings).toEqual([]);
});

test("half of an hour's ids missing make it bad", () => {
  const ids = Array.from({ length: 1000 }, (_, i) => (i < 990 ? i : i + 2000));
  expect(checkOf(ids).sequenceJumps().marks).toMatchObject([{ hourUs: DAY, verdict: "bad" }]);
  expect(HOUR_US / 1e6).toBeGreaterThan(ids.length);
});

test("seen ids are a set", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat({ max: 2 ** 31 - 1 }), fc.maxSafeNat()), {
        maxLength: 9000,
        minLength: 2000,
      }),
      (ids) => {
        const seen = new SeenIds();
        const oracle = new Set<number>();
        for (const id of ids) {
          if (seen.add(id) === oracle.has(id)) return false;
          oracle.add(id);
        }
        return true;
      },
    ),
    { seed: 12, numRuns: 20 },
  );
});

test("ids of any constant step are put in as fast as those that count up", () => {
  const ids = 100_000;
  for (const step of [1, 1024, 65_536, 2 ** 20, 2 ** 32, 3 * 2 ** 30]) {
    const seen = new SeenIds();
    const start = performance.now();
    for (let i = 0; i < ids; i++) seen.add(1e9 + i * step);
    // Slots that all lie behind each other would take seconds.
    expect(performance.now() - start).toBeLessThan(1000);
    expect(seen.add(1e9 + step)).toBe(false);
  }
});
