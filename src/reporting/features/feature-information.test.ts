import { expect, test } from "vitest";
import { isShortfall } from "../../core/shortfall.js";
import { informationFigure } from "../figures/information-heatmap.js";
import { informationPointsFigure } from "../figures/information-points.js";
import { featureInformation, type Information } from "./feature-information.js";
import { countedCoefficients, informationTable } from "./information-table.js";
import { checksOf, coefficientOf, UNTOLD } from "./test-checks.js";

const NAMES = ["tfi", "obi_l1", "ofi_norm", "cvd_z"];
const OPTIONS = { names: NAMES, horizons: [1] };

test("which coefficients hold among all is Holm's rule, worked by hand", () => {
  // 0.05/4, 0.05/3, 0.05/2: 0.01 and 0.016 pass, 0.026 does not, and nothing behind it may, though 0.03 < 0.05.
  const chances = [0.016, 0.03, 0.01, 0.026];
  const found = information((_, i) => coefficientOf(0.1, chances[i]!));
  expect(found.coefficients.map(({ holds }) => holds)).toEqual([true, false, true, false]);
  expect(found.holding).toBe(2);
});

test("intervals that leave out zero stand beside what chance gives", () => {
  const found = information(
    (_, i) =>
      [coefficientOf(0.1, 0.01), coefficientOf(-0.06, 0.02), coefficientOf(0.04, 0.1), UNTOLD][i]!,
  );
  expect([found.told, found.beyond, found.byChance]).toEqual([3, 2, 0.05 * 3]);
  expect(countedCoefficients(found)).toEqual({
    symbol: ["BTCUSDT", "BTCUSDT", "BTCUSDT"],
    horizon: [1, 1, 1],
    beyond: [true, true, false],
    holds: [true, true, false],
    byChance: [0.05, 0.05, 0.05],
  });
  expect(informationFigure(found).title).toBe(
    "2 of 3 intervals leave out zero, where chance alone gives about 0; 2 hold when all are judged together",
  );
});

test("53 features at 5 horizons make 265 intervals, of which chance gives some 13", () => {
  const checks = checksOf(["BTCUSDT"], () => coefficientOf(0, 0.5));
  const found = featureInformation(checks) as Information;
  expect([found.told, found.beyond, found.holding]).toEqual([265, 0, 0]);
  expect(informationFigure(found).title).toContain("about 13;");
});

test("the heatmap's cells are the coefficients, symbol beside symbol, marked where they are beyond zero", () => {
  const checks = checksOf(
    ["BTCUSDT", "ETHUSDT"],
    (s, i, h) => coefficientOf(s + i / 10 + h / 100, s === 0 ? 1e-9 : 0.04),
    { names: NAMES, horizons: [1, 60] },
  );
  const [trace] = informationFigure(featureInformation(checks) as Information).data;
  expect(trace!["z"]).toEqual(
    NAMES.map((_, i) =>
      [0, 1].flatMap((s) => [0, 1].map((h) => Number((s + i / 10 + h / 100).toFixed(4)))),
    ),
  );
  expect((trace!["text"] as readonly string[][])[1]).toEqual(["◆", "◆", "•", "•"]);
});

test("points are drawn with their intervals, of the features that chance explains least", () => {
  const found = information((_, i) =>
    coefficientOf(0.1 * i, [0.5, 1e-4, 0.2, 1e-3][i]!, { half: 0.02 }),
  );
  const { data, title, layout } = informationPointsFigure(found);
  expect(title).toBe(
    "obi_l1 of BTCUSDT is the surest: 0.100 with the return over 1 bar, 95 % interval 0.080 to 0.120",
  );
  expect(data[0]!["y"]).toEqual([0.1]);
  expect(data[0]!["error_y"]).toMatchObject({ array: [0.02], arrayminus: [0.02] });
  const heads = (layout["annotations"] as readonly { readonly text: string }[]).map(
    ({ text }) => text,
  );
  expect(heads).toEqual(["obi_l1", "cvd_z", "ofi_norm", "tfi"]);
  expect(informationTable(found).rows.map(([, feature]) => feature)).toEqual([
    "obi_l1",
    "cvd_z",
    "ofi_norm",
  ]);
});

test("returns of closes are called bounce-prone", () => {
  const checks = checksOf(["XBTUSD"], () => coefficientOf(0.1, 0.01), {
    ...OPTIONS,
    price: "close",
  });
  const found = featureInformation(checks) as Information;
  for (const figure of [informationFigure(found), informationPointsFigure(found)]) {
    expect(figure.subtitle).toContain("BOUNCE-PRONE");
    expect(figure.subtitle).toContain("return of the close");
  }
});

test("too few rows are a shortfall, and have no columns to count", () => {
  const found = featureInformation(checksOf(["BTCUSDT"], () => ({ ...UNTOLD, rows: 59 }), OPTIONS));
  expect(isShortfall(found)).toBe(true);
  expect(countedCoefficients(found).symbol).toEqual([]);
  expect(isShortfall(featureInformation(checksOf([], () => UNTOLD)))).toBe(true);
});

test("without any interval the points say so", () => {
  const found = information(() => UNTOLD);
  expect(informationPointsFigure(found).title).toBe("No feature has enough rows for an interval");
  expect(informationFigure(found).title).toMatch(/^0 of 0 intervals/);
});

function information(coefficient: Parameters<typeof checksOf>[1]): Information {
  return featureInformation(checksOf(["BTCUSDT"], coefficient, OPTIONS)) as Information;
}
