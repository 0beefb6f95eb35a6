import { afterAll, expect, test } from "vitest";
import { Journal } from "../journal/journal.js";
import { PATIENT, temporaryData } from "../journal/test-databases.js";
import { sampleRecords } from "../journal/test-records.js";
import type { DecisionRecord, FillRecord } from "../records.js";
import type { OpenRun } from "./open-run.js";
import { requireHeld } from "./require-held.js";

const { data, remove } = temporaryData();
afterAll(remove);

/** What a run holds of its symbols. */
function holding(
  amounts: Readonly<Record<string, number>>,
): Pick<OpenRun, "portfolio" | "markets"> {
  const held = Object.values(amounts);
  const markets = Object.keys(amounts).map((symbol) => ({ symbol }));
  return { portfolio: { position: (i: number) => held[i]! }, markets } as never;
}

test("a run goes on where its files and its journal tell of the same positions, and nowhere else", async () => {
  const run = "held";
  const journal = await Journal.open({ data, run, limits: PATIENT });
  const asked = { name: run, isKnown: true };
  // Nothing was ever done.
  await requireHeld(holding({ BTCUSDT: 0 }), journal, { ...asked, isKnown: false });
  const [one] = sampleRecords(run, 1).filter(({ kind }) => kind === "fill");
  const fill = { ...(one as FillRecord), symbol: "BTCUSDT", valueUsd: 1, feeUsd: 0, mid: 1 };
  const fills = [2, -0.5, 1 / 3].map((amount, number) => ({ ...fill, number, amount }));
  await journal.write(fills, { needs: "database" });
  await requireHeld(holding({ ETHUSDT: 0, BTCUSDT: 2 - 0.5 + 1 / 3 }), journal, asked);
  for (const amounts of [{ BTCUSDT: 0 }, { BTCUSDT: 2 }, { ETHUSDT: 1, BTCUSDT: 11 / 6 }]) {
    await expect(requireHeld(holding(amounts), journal, asked)).rejects.toThrow(
      /holds .* by its fills/,
    );
  }
  const decision = sampleRecords(run, 2).find(({ kind }) => kind === "decision") as DecisionRecord;
  await journal.write([{ ...decision, tookUs: 0 }], { needs: "database" });
  await expect(
    requireHeld(holding({ BTCUSDT: 11 / 6 }), journal, { ...asked, isKnown: false }),
  ).rejects.toThrow("was decided on 1 bars, and nothing of it is on this machine");
  await journal.close();
  // While the database is away, the machine's own files are all there is.
  const away = { ask: () => Promise.reject(new Error("away")), state: { name: "down" } } as never;
  await requireHeld(holding({ BTCUSDT: 0 }), away, asked);
});
