import fc from "fast-check";
import { expect, test } from "vitest";
import { Tranches } from "./tranches.js";

const BAR_US = 60e6;

/** Bars with a decision, some left out, and what each stakes. */
const stakes = fc.array(
  fc.record({ gap: fc.integer({ min: 1, max: 9 }), amount: fc.constantFrom(-2, -1, 0, 1, 3) }),
  { minLength: 1, maxLength: 60 },
);

test("what is held is the sum of the last horizon's stakes by time, also over bars without a decision", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), stakes, (horizonBars, all) => {
      const tranches = new Tranches({ horizonBars, barUs: BAR_US });
      let bar = 1_000_000;
      const past: { bar: number; amount: number }[] = [];
      for (const { gap, amount } of all) {
        bar += gap;
        past.push({ bar, amount });
        const alive = past.filter((stake) => stake.bar > bar - horizonBars);
        const expected = alive.reduce((sum, stake) => sum + stake.amount, 0);
        expect(tranches.update(bar * BAR_US, amount)).toBe(expected);
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
      all.forEach(({ gap, amount }, i) => {
        if (i === cut) {
          const state = part.save();
          part = new Tranches({ horizonBars, barUs: BAR_US });
          part.restore(state);
        }
        bar += gap;
        const third = amount / 3;
        expect(part.update(bar * BAR_US, third)).toBe(whole.update(bar * BAR_US, third));
      });
    }),
    { seed: 42 },
  );
});
