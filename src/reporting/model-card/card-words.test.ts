import { expect, test } from "vitest";
import { DataError } from "../../core/errors.js";
import { cardPage } from "./card-page.js";
import { tradingLadderTable } from "./card-trading.js";
import { modelCard } from "./model-card.js";
import { sampleEvaluation, sampleSource } from "./test-card.js";

const evaluation = sampleEvaluation();
const own = evaluation.models[0]!;
const source = sampleSource(evaluation);
const card = modelCard(source);

test("how it was executed and how much it acts on are said, on the page and in JSON", () => {
  expect(card.trading).toMatchObject({
    costs: "FTMO crypto",
    feeBps: 3.25,
    fallbackHalfSpreadBps: 2,
    capitalUsd: 100_000,
    minimumOrderUsd: 5,
    latencyMs: own.ladder.latencyUs / 1000,
  });
  const { acted } = own;
  expect(card.coverage).toEqual({
    asked: 0.3,
    share: acted.coverage,
    rows: acted.rows,
    accuracy: acted.accuracy.estimate,
    lower: acted.accuracy.lower,
    upper: acted.accuracy.upper,
    majorityRate: acted.majorityRate,
    breakEvenAccuracy: acted.breakEvenAccuracy,
  });
  const page = cardPage(card);
  expect(page).toContain("<dt>Execution</dt><dd>FTMO crypto, 100,000 USD</dd>");
  expect(page).toContain("<dt>Acts on</dt><dd>100.0 % of test bars</dd>");
  expect(page).toContain(
    "30.0 % of bars were asked for, by a threshold that was fixed before the test, and 100.0 % of test bars pass it.",
  );
  expect(card.limits.join("\n")).toContain(
    "Traded on paper with 100,000 USD and the fees of FTMO crypto (3.25 bps a side)",
  );
});

test.each([
  [-0.4, 5, "It loses 0.40 bps a side before any cost, so no fee, however low, would make it pay."],
  [0, 5, "It earns nothing before costs, so no fee, however low, would make it pay."],
  [2, 5, "It pays up to 2.00 bps a side, and a side cost 5.00: costs take all of it."],
  [9, 5, "It pays up to 9.00 bps a side, and a side cost 5.00."],
  [Number.NaN, Number.NaN, "It did not trade."],
])("a break-even cost of %d bps beside %d is put into words", (breakEvenCostBps, side, words) => {
  const rung = { ...own.ladder.rungs.at(-1)!, breakEvenCostBps, sideCostBps: side };
  const models = [{ ...own, ladder: { ...own.ladder, rungs: [rung] } }];
  const other = modelCard(sampleSource({ ...evaluation, models }));
  expect(other.limits.join("\n")).toContain(words);
  expect(cardPage(other)).toContain(words);
});

test("a page of labels on the close says so in its band and title, and one of the mid does not", () => {
  const page = (labelKind: "mid" | "close") =>
    cardPage(modelCard(sampleSource({ ...evaluation, labelKind })));
  expect(page("close")).toContain(
    "<strong>SIMULATED</strong> <strong>BOUNCE-PRONE</strong> <span>",
  );
  expect(page("close")).toMatch(/<title>SIMULATED · BOUNCE-PRONE · /);
  expect(page("close")).toContain("<span>labels are on trade closes, so every figure flatters · ");
  expect(page("mid")).not.toContain("BOUNCE-PRONE");
});

test("of few days no Sharpe ratio is shown, as on the pages of notebooks, and of many it is", () => {
  const traded = (days: number) => {
    const daily = Array.from({ length: days }, () => ({ date: "2024-01-01", gross: 0, net: 0 }));
    const rungs = own.ladder.rungs.map((rung) => ({ ...rung, daily }));
    const models = [{ ...own, ladder: { ...own.ladder, rungs } }];
    const of = modelCard(sampleSource({ ...evaluation, models }));
    return { table: tradingLadderTable(of), page: cardPage(of) };
  };
  const [few, many] = [traded(19), traded(20)];
  expect(few.table.caption).toContain("19 days are too few for a Sharpe ratio");
  for (const column of ["Sharpe", "95 % interval", "above 0"]) {
    expect(few.table.columns.map(({ name }) => name)).not.toContain(column);
    expect(many.table.columns.map(({ name }) => name)).toContain(column);
  }
  for (const { table } of [few, many]) {
    expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
  }
  for (const words of ["probabilistic Sharpe ratio", "above the best of as many tries"]) {
    expect(few.page).not.toContain(words);
    expect(many.page).toContain(words);
  }
});

test("how many rows tests are worth is said where it is known alone", () => {
  const limits = (effectiveRows: number): string =>
    modelCard(sampleSource({ ...evaluation, models: [{ ...own, effectiveRows }] })).limits.join(
      "\n",
    );
  expect(limits(12.4)).toContain(", worth about 12 independent ones: ");
  for (const unknown of [0, 0.3]) expect(limits(unknown)).not.toContain("independent");
});

test("rows that it was neither trained nor scored on are counted by cause, where an evaluation says so", () => {
  const excluded = { "warm-up": 1500, "no valid book": 90, "no label": 0 };
  const limits = modelCard(sampleSource({ ...evaluation, excluded })).limits.join("\n");
  expect(limits).toContain(
    "of the dataset's rows 90 for no valid book, 1,500 for warm-up are left out.",
  );
  expect(limits).not.toContain("no label,");
  const { excluded: _, ...older } = evaluation;
  expect(modelCard(sampleSource(older)).limits.join("\n")).not.toContain("are left out");
});

test("a required gate that was not asked stands open, whatever the others say", () => {
  const passed = own.gates.map((gate) => ({ ...gate, verdict: "pass" as const }));
  const withGates = (gates: readonly object[]) =>
    cardPage(
      modelCard(sampleSource({ ...evaluation, models: [{ ...own, gates, verdict: "pass" }] })),
    );
  expect(withGates(passed)).toContain("Yes: it passes every gate.");
  const page = withGates(passed.filter(({ name }) => name !== "deflated-sharpe"));
  expect(page).toContain(
    `No: it passes ${passed.length - 1} of ${passed.length} gates; not asked were deflated-sharpe.`,
  );
  expect(page).toMatch(/<span class="badge undecided">/);
});

test("bins show the intervals by blocks of time, in the picture too, and what they rest on", () => {
  const page = cardPage(card);
  const lines = [
    ...page.matchAll(/<line [^>]*y1="([\d.]+)" y2="([\d.]+)" style="stroke: var\(--model\)"/g),
  ];
  const heights = lines.map(([, bottom, top]) => Number(bottom) - Number(top));
  const widths = own.reliability.map(({ lower, upper }) => upper - lower);
  expect(heights).toHaveLength(widths.length);
  // One scale for all, to the tenth of a pixel that is written.
  const scale = Math.max(...heights) / Math.max(...widths);
  for (const [i, width] of widths.entries()) {
    expect(Math.abs(heights[i]! - scale * width)).toBeLessThan(0.3);
  }
  expect(page).toContain('<th scope="col" class="number">independent rows</th>');
  const bin = own.reliability[1];
  const [lower, upper] = [bin!.lower, bin!.upper].map((end) => (100 * end).toFixed(1));
  expect(page).toContain(`<td class="aside">${lower} to ${upper}</td>`);
  const metric = card.metrics.find(({ name }) => name === "AUC");
  expect(metric?.effectiveRows).toBe(own.metrics.auc.effectiveRows);
  expect(metric?.effectiveRows).toBeGreaterThan(1);
});

test("gates, verdict and void that the ledger holds otherwise than the evaluation are refused by field", () => {
  const { record } = source;
  const gates = record.gates.map((gate, i) =>
    i === 3 ? { ...gate, verdict: "pass" as const } : gate,
  );
  const cases = [
    [{ gates }, "its evaluation, gates.sharpe.verdict: was"],
    [{ verdict: "pass" }, "verdict: was"],
    [{ isVoid: true }, "isVoid: was false"],
  ] as const;
  for (const [changes, said] of cases) {
    const card = () => modelCard({ ...source, record: { ...record, ...changes } });
    expect(card).toThrow(DataError);
    expect(card).toThrow(said);
  }
});

test("the page names failed gates before undecided ones, and shows a true minus in intervals", () => {
  const { aboveMajority } = own.metrics;
  const metrics = { ...own.metrics, aboveMajority: { ...aboveMajority, lower: -0.0123 } };
  const page = cardPage(modelCard(sampleSource({ ...evaluation, models: [{ ...own, metrics }] })));
  const names = (verdict: string) =>
    own.gates
      .filter((gate) => gate.verdict === verdict)
      .map(({ name }) => name)
      .join(", ");
  expect([names("fail"), names("undecided")]).not.toContain("");
  expect(page).toContain(
    `it fails ${names("fail")}; undecided are ${names("undecided")}. It is right`,
  );
  expect(page).toContain('<td class="aside">−1.23 to ');
  expect(page).not.toMatch(/<td class="aside">(-|[^<]*to -)/);
});

test("the answer says its interval as the terminal does, and that a test is too short for one", () => {
  const answer = (lower: number, upper: number): string => {
    const metrics = { ...own.metrics, accuracy: { ...own.metrics.accuracy, lower, upper } };
    return cardPage(modelCard(sampleSource({ ...evaluation, models: [{ ...own, metrics }] })));
  };
  expect(answer(0.51, 0.575)).toMatch(/of test bars \(51\.0\s% to 57\.5\s%\) beside/);
  const short = answer(Number.NaN, Number.NaN);
  expect(short).toContain("of test bars (too short a test for an interval) beside");
  // What tables are sorted by is not shown.
  expect(short.replaceAll('data-value="NaN"', "")).not.toContain("NaN");
});
