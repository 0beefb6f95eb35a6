import fc from "fast-check";
import { expect, test } from "vitest";
import { dayStartUs, HOUR_US } from "../../core/time.js";
import type { IdentifiedTrades } from "../../store/tables.js";
import { MessageMemory } from "../measuring/message-memory.js";
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
  expect(findings).toMatchObject([{ count: 2, value: 3 }]);
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

test("the memory of messages finds the last of the same time and content among those it may hold", () => {
  const message = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2 }));
  fc.assert(
    fc.property(fc.array(message, { maxLength: 120 }), (messages) => {
      const memory = new MessageMemory(1000);
      const numbers = new Map<string, number>();
      messages.forEach(([time, hash], i) => {
        const key = `${time} ${hash}`;
        const found = memory.find(time, hash);
        expect(found).toBe(numbers.get(key) ?? Number.NaN);
        if (!Number.isNaN(found)) return;
        memory.keep(time, hash);
        numbers.set(key, i + 1);
      });
    }),
    { seed: 13, numRuns: 200 },
  );
  const short = new MessageMemory(4);
  for (let i = 0; i < 6; i++) {
    expect(short.find(i, 0)).toBeNaN();
    short.keep(i, 0);
  }
  expect(short.find(1, 0)).toBeNaN();
  expect(short.find(2, 0)).toBe(3);
});
