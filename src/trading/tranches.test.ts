import fc from "fast-check";
import { expect, test } from "vitest";
import { Tranches } from "./tranches.js";

const BAR_US = 60e6;

/** Bars with a decision, some left out, what each stakes, and after how many bars that is due. */
const stakes = fc.array(
  fc.record({
    gap: fc.integer({ min: 1, max: 9 }),
    amount: fc.constantFrom(-2, -1, 0, 1, 3),
    due: fc.constantFrom(0.5, 1, 2, 4.2, 7, Number.POSITIVE_INFINITY, undefined),
  }),
  { minLength: 1, maxLength: 60 },
);

test("by hand: what is due before its horizon is given back at the first decision from then on", () => {
  const tranches = new Tranches({ horizonBars: 3, barUs: BAR_US });
  expect(tranches.update(11 * BAR_US, 1, 12.5 * BAR_US)).toBe(1);
  expect(tranches.update(12 * BAR_US, 2, 13 * BAR_US)).toBe(3);
  expect(tranches.update(13 * BAR_US, 4)).toBe(4);
  expect(tranches.update(15 * BAR_US, 8, 99 * BAR_US)).toBe(12);
  expect(tranches.update(16 * BAR_US, 0)).toBe(8);
  expect(tranches.update(18 * BAR_US, 0)).toBe(0);
});

test("what is held is the sum of the last horizon's stakes that are not due, also over bars without a decision, and late ones are counted", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), stakes, (horizonBars, all) => {
      const tranches = new Tranches({ horizonBars, barUs: BAR_US });
      let bar = 1_000_000;
      const past: { endBar: number; amount: number }[] = [];
      for (const { gap, amount, due } of all) {
        bar += gap;
        past.push({ endBar: bar + Math.min(horizonBars, due ?? horizonBars), amount });
        const alive = past.filter((stake) => stake.endBar > bar);
        const before = bar - gap;
        const late = past.filter(
          ({ endBar, amount: lot }) => lot !== 0 && endBar > before && endBar < bar,
        );
        const expected = alive.reduce((sum, stake) => sum + stake.amount, 0);
        const dueUs = due === undefined ? undefined : (bar + due) * BAR_US;
        expect(tranches.update(bar * BAR_US, amount, dueUs)).toBe(expected);
        expect(tranches.late).toBe(late.length);
      }
    }),
    { seed: 41 },
  );
});

test("saved and restored tranches go on as the ones that were never saved", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), stakes, fc.nat(59), (horizonBars, all, cut) => {
      const whole = new Tranches({ horizonBars, barUs: BAR_US });
      let part = new Tranches({ horizonBars, barUs: BAR_US });
      let bar = 1_000_000;
      all.forEach(({ gap, amount, due }, i) => {
        if (i === cut) {
          const state = part.save();
          part = new Tranches({ horizonBars, barUs: BAR_US });
          part.restore(state);
        }
        bar += gap;
        const stake = [bar * BAR_US, amount / 3, due && (bar + due) * BAR_US] as const;
        expect(part.update(...stake)).toBe(whole.update(...stake));
      });
    }),
    { seed: 42 },
  );
});
