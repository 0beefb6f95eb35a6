import { expect, test } from "vitest";
import { mean } from "../../core/statistics.js";
import { DAY_US, MINUTE_US } from "../../core/time.js";
import { chosenSideValue } from "../../evaluation/accuracy.js";
import { catalogue } from "../../features/catalogue.js";
import { hiddenDays } from "../../simulate/hidden-days.js";
import { edgeSymbol, SYMBOL_SETTINGS } from "../../simulate/settings.js";
import { type SmallMarket, type SmallMarketSettings, smallMarket } from "./small-market.js";

const STRONG: SmallMarketSettings = {
  edge: "strong",
  days: 4,
  symbols: 1,
  barMinutes: 1,
  horizonMinutes: 15,
};

test("labels are those of the hidden path, and all 53 features have values and vary", async () => {
  const { dataset } = await smallMarket(STRONG, 9);
  const source = hiddenDays({ seed: 9, edge: "strong", from: "2024-01-01" });
  const days = Array.from({ length: STRONG.days }, () => source.next().value);
  const minutes = days.map(({ symbols }) => symbols[0]!);
  const move = minutes.flatMap((day) => [...day.move]);
  const head = minutes.flatMap((day) => [...day.headMove]);
  const { tickUnits, priceDecimals } = edgeSymbol(SYMBOL_SETTINGS[0]!, "strong");
  let halfTicks = minutes[0]!.startHalfTicks;
  let furthest = 0;
  let wrong = 0;
  for (let bar = 0; bar + 16 < move.length; bar++) {
    halfTicks += move[bar]!;
    const entry = ((halfTicks + head[bar + 1]!) / 2) * (tickUnits / 10 ** priceDecimals);
    furthest = Math.max(furthest, Math.abs(dataset.entryPrice[bar]! - entry));
    let net = head[bar + 16]! - head[bar + 1]!;
    for (let ahead = 1; ahead <= 15; ahead++) net += move[bar + ahead]!;
    if (dataset.outcome[bar] !== (Math.sign(net) + 1) / 2) wrong++;
  }
  expect(furthest).toBeLessThan(1e-9);
  expect(wrong).toBe(0);
  const width = dataset.featureNames.length;
  expect(dataset.featureNames).toEqual(catalogue().map(({ name }) => name));
  const usable = Array.from({ length: dataset.rows }, (_, row) => row).filter(
    (row) => dataset.isUsable[row] === 1,
  );
  expect(usable.length).toBeGreaterThan(500);
  dataset.featureNames.forEach((name, j) => {
    const values = new Set(usable.map((row) => dataset.inputs[row * width + j]!));
    expect({ name, values: values.size > 1 }).toEqual({ name, values: true });
  });
});

test("bars of another length ask the same question at the same times", async () => {
  const settings = { ...STRONG, days: 2, symbols: 2 };
  const minutes = await smallMarket(settings, 9);
  const quarters = await smallMarket({ ...settings, barMinutes: 15 }, 9);
  const perSymbol = (2 * DAY_US) / MINUTE_US;
  const minuteOf = (row: number): number => {
    const [symbol, bar] = [Math.floor(row / (perSymbol / 15)), row % (perSymbol / 15)];
    return symbol * perSymbol + 15 * bar + 14;
  };
  const same = (
    column: (market: SmallMarket) => Float64Array,
  ): readonly [Float64Array, Float64Array] => [
    column(quarters),
    column(quarters).map((_, row) => column(minutes)[minuteOf(row)]!),
  ];
  for (const [own, other] of [
    same(({ dataset }) => dataset.barEndUs),
    same(({ dataset }) => dataset.entryPrice),
    same(({ truth }) => truth!.attainableUp),
    same(({ truth }) => truth!.oracleUp),
  ]) {
    expect(own).toEqual(other);
  }
});

test("what the best filter chooses comes true as often as it says", async () => {
  const { dataset, truth } = await smallMarket({ ...STRONG, days: 14, barMinutes: 15 }, 4);
  const { outcome, rows } = dataset;
  const labelled = Array.from({ length: rows }, (_, row) => row).filter(
    (row) => !Number.isNaN(outcome[row]!),
  );
  const score = (up: (row: number) => number): number =>
    mean(labelled.map((row) => chosenSideValue(truth!.attainableUp[row]!, up(row))));
  const said = score((row) => truth!.attainableUp[row]!);
  // Labels of bars of 15 minutes do not overlap.
  const error = Math.sqrt((said * (1 - said)) / labelled.length);
  expect(said).toBeGreaterThan(0.75);
  expect(Math.abs(score((row) => outcome[row]!) - said)).toBeLessThan(3 * error);
});

test("without an edge there is no truth to tell, and no horizon but the known ones may be asked of", async () => {
  const market = { ...STRONG, days: 1, symbols: 1, edge: "none" } as const;
  expect((await smallMarket(market, 1)).truth).toBeUndefined();
  await expect(smallMarket({ ...market, horizonMinutes: 7 }, 1)).rejects.toThrow(
    /"?horizonMinutes"?.*was 7.*choose among 1, 5, 15, 30, 60/,
  );
});
