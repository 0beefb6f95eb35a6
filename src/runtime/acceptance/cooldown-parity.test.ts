import { expect, test } from "vitest";
import { BAR_US } from "../../features/test-market.js";
import { readDecisions } from "../journal/read-decisions.js";
import { SETTINGS } from "../loop/test-run.js";
import { knownRun } from "./known-run.js";
import { checkParity } from "./parity.js";
import { BEGIN_US, runStore, SYMBOL } from "./test-run-store.js";

const COOLDOWN_BARS = 3;

test("only what was staked starts a cooldown, and a second computation finds the same ones", async () => {
  // After a few orders the minute's limit is reached: from then on signals are told and not followed.
  const signal = { ...SETTINGS.signal, cooldownBars: COOLDOWN_BARS };
  const limits = { ...SETTINGS.limits, ordersPerMinute: 8 };
  const place = await runStore({ changes: { signal, limits } });
  try {
    const { store, journal, model } = place;
    const span = { symbol: SYMBOL, fromUs: BEGIN_US, untilUs: BEGIN_US + 301 * BAR_US };
    const decisions = await readDecisions(journal, "test", span);
    const limited = decisions.filter(({ reason }) => reason.startsWith("limit: "));
    const cooling = decisions.filter(({ reason }) => reason === "cooldown");
    expect(limited.length).toBeGreaterThan(20);
    expect(cooling.length).toBeGreaterThan(20);
    const staked = decisions.filter(({ side }) => side !== 0);
    const isCooling = ({ barEndUs }: { readonly barEndUs: number }): boolean =>
      staked.some((stake) => {
        const bars = (barEndUs - stake.barEndUs) / BAR_US;
        return bars > 0 && bars <= COOLDOWN_BARS;
      });
    for (const decision of cooling) expect(isCooling(decision)).toBe(true);
    for (const decision of [...staked, ...limited]) expect(isCooling(decision)).toBe(false);
    const run = await knownRun(journal, "test");
    expect(await checkParity(store, journal, { run, model })).toMatchObject({
      differentBars: 0,
      first: null,
    });
  } finally {
    await place.close();
  }
});
