import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { coefficientComplaints } from "./coefficient-complaints.js";
import type { InformationCoefficient } from "./information-coefficient.js";
import {
  horizonReturns,
  type LaggedCoefficients,
  laggedCoefficients,
} from "./lagged-coefficients.js";
import { rankCodes } from "./rank-codes.js";
import { autoregression } from "./test-series.js";

const ROWS = 1440;
const BAR_US = 60e6;
const HORIZONS = [1, 15];
const barEndUs = Float64Array.from({ length: ROWS }, (_, i) => (i + 1) * BAR_US);

/** A market of independent moves: one in the first moment after a bar's end, the other in the rest of the bar. */
function market(seed: number): {
  readonly price: Float64Array;
  readonly laterPrice: Float64Array;
  /** What moves the price at once, and over the bar after. */
  readonly moment: Float64Array;
  readonly rest: Float64Array;
} {
  const random = seededRandom(seed, "market");
  const moment = Float64Array.from({ length: ROWS }, () => 1e-4 * random.normal());
  const rest = Float64Array.from({ length: ROWS }, () => 3e-4 * random.normal());
  const price = new Float64Array(ROWS);
  const laterPrice = new Float64Array(ROWS);
  let level = Math.log(100);
  for (let row = 0; row < ROWS; row++) {
    price[row] = Math.exp(level);
    level += moment[row]!;
    laterPrice[row] = Math.exp(level);
    level += rest[row]!;
  }
  return { price, laterPrice, moment, rest };
}

function coefficientsOf(
  feature: Float64Array,
  prices: { readonly price: Float64Array; readonly laterPrice: Float64Array | undefined },
  ends: Float64Array = barEndUs,
): readonly LaggedCoefficients[] {
  const all = { barEndUs: ends, barUs: BAR_US, ...prices };
  return laggedCoefficients(rankCodes(feature), all, horizonReturns(all, HORIZONS));
}

const checksOf = (coefficients: readonly LaggedCoefficients[]): readonly string[] =>
  coefficientComplaints(coefficients, 500).map(({ check }) => check);

test("a feature that has seen the next bar is flagged, and a bar later knows nothing", () => {
  const { price, laterPrice, rest } = market(1);
  const random = seededRandom(1, "noise");
  const leak = rest.map((move) => move + 3e-4 * random.normal());
  const coefficients = coefficientsOf(leak, { price, laterPrice });
  expect(coefficients[0]!.now.value).toBeGreaterThan(0.5);
  expect(Math.abs(coefficients[0]!.oneBarLater.value)).toBeLessThan(0.1);
  expect(checksOf(coefficients)).toEqual(["information"]);
  const [complaint] = coefficientComplaints(coefficients, 500);
  expect(complaint).toMatchObject({ severity: "review" });
  expect(complaint!.message).toMatch(
    /rank correlation of \+0\.\d+ \(.*\) with the return of the next bar/,
  );
});

test("one that knows the first moment after the bar only is flagged as gone by then", () => {
  const { price, laterPrice, moment } = market(2);
  const coefficients = coefficientsOf(moment, { price, laterPrice });
  expect(coefficients[0]!.now.low).toBeGreaterThan(0);
  expect(Math.abs(coefficients[0]!.afterLatency!.value)).toBeLessThan(0.1);
  expect(checksOf(coefficients)).toContain("latency");
  const gone = coefficientComplaints(coefficients, 500).find(({ check }) => check === "latency");
  expect(gone!.message).toMatch(/is left when it is 500 ms late$/);
});

test("one that is turned round by the latency is flagged too", () => {
  const { price, laterPrice, moment, rest } = market(3);
  // It follows what comes at once and goes against what comes after.
  const turned = moment.map((move, row) => 4 * move - rest[row]!);
  const [first] = coefficientsOf(turned, { price, laterPrice });
  expect(first!.afterLatency!.high).toBeLessThan(0);
  expect(
    checksOf([{ ...first!, now: { ...first!.now, value: 0.2, low: 0.15, high: 0.25, chance: 0 } }]),
  ).toEqual(["latency"]);
});

test("without a book there is no delayed coefficient, and nothing is said of it", () => {
  const { price, moment } = market(4);
  const coefficients = coefficientsOf(moment, { price, laterPrice: undefined });
  expect(coefficients.map(({ afterLatency }) => afterLatency)).toEqual([null, null]);
  expect(checksOf(coefficients)).not.toContain("latency");
});

test("clean features of any memory are not flagged", () => {
  const random = seededRandom(5, "clean");
  let flagged = 0;
  for (let seed = 10; seed < 50; seed++) {
    const memory = [0, 0.9, 0.99][seed % 3]!;
    const feature = autoregression(ROWS, memory, random.normal);
    flagged += checksOf(coefficientsOf(feature, market(seed))).length;
  }
  expect(flagged).toBe(0);
});

test("what is large is told whether or not chance explains it, and so is that it may", () => {
  const { price, laterPrice, rest } = market(9);
  const [leak] = coefficientsOf(rest, { price, laterPrice });
  const by = (now: Partial<InformationCoefficient>): readonly string[] =>
    coefficientComplaints([{ ...leak!, now: { ...leak!.now, ...now } }], 500)
      .filter(({ check }) => check === "information")
      .map(({ message }) => message.replace(/^.*: /, ""));
  const asked = "does it know the future";
  expect(by({ chance: 0.0009 })).toEqual([`${asked}?`]);
  expect(by({ chance: 0.001, effectiveRows: 7.4 })).toEqual([
    `${asked}, or is it chance? The rows are worth 7 independent ones`,
  ]);
  expect(by({ chance: Number.NaN, effectiveRows: 0 })).toEqual([
    `${asked}, or is it chance? The rows are worth too few independent ones`,
  ]);
  expect(by({ rows: 99 })).toEqual([]);
});

test("an honest feature whose signal lasts is not flagged", () => {
  const random = seededRandom(6, "honest");
  const { price, laterPrice, rest } = market(6);
  const honest = rest.map((move) => move + 1.5e-3 * random.normal());
  const [first] = coefficientsOf(honest, { price, laterPrice });
  expect(first!.now.low).toBeGreaterThan(0);
  expect(checksOf([first!])).toEqual([]);
});

test("a delayed feature is missing where the bars before are", () => {
  const { price, laterPrice } = market(7);
  const feature = Float64Array.from({ length: ROWS }, (_, i) => i);
  // A bar is missing in the middle.
  const ends = barEndUs.map((end, row) => (row < 700 ? end : end + BAR_US));
  const [first] = coefficientsOf(feature, { price, laterPrice }, ends);
  // The last row has no return, nor has the one before the gap.
  expect(first!.now.rows).toBe(ROWS - 2);
  expect(first!.oneBarLater.rows).toBe(ROWS - 2 - 2);
  expect(first!.fiveBarsLater.rows).toBe(ROWS - 2 - 10);
});

test("a feature without values has no coefficient and no complaint", () => {
  const nothing = new Float64Array(ROWS).fill(Number.NaN);
  const coefficients = coefficientsOf(nothing, market(8));
  expect(coefficients[0]!.now).toMatchObject({ value: Number.NaN, rows: 0, effectiveRows: 0 });
  expect(checksOf(coefficients)).toEqual([]);
});
