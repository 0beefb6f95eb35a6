import type { Interval } from "../../core/interval.js";
import { faded, LIGHT, MARK_SHAPES } from "../../core/palette.js";
import type { ChallengeOdds } from "../../trading/rules/challenge-odds.js";
import type { ChallengeGrid } from "../challenge-report.js";
import { byPayoff, worthFrom, worthText } from "../challenge-worth.js";
import { plotNumber } from "../downsample.js";
import { intervalText } from "../evaluation-marks.js";
import { axis, type Figure, figure, type Layout, label, type Trace } from "../figure.js";
import { rangeText } from "../quantity-text.js";

/** Returns above this are far beyond the question and would flatten what is near nothing. */
const HIGHEST_RETURN = 8;

/** One of the two panels: what it shows of the odds, and how. */
interface Panel {
  readonly word: string;
  readonly unit: string;
  readonly scale: number;
  readonly digits: number;
  readonly of: (odds: ChallengeOdds) => Interval;
  readonly place: Layout;
}

const PANELS: readonly Panel[] = [
  { word: "funded", unit: " %", scale: 100, digits: 1, of: ({ funded }) => funded, place: {} },
  {
    ...{ word: "return", unit: " × fee", scale: 1, digits: 2 },
    of: ({ returnOnFee }) => returnOnFee,
    place: { yaxis: "y2" },
  },
];

/** By accuracy and payoff: the chance of a funded account, and what an attempt returns for its fee. */
export function challengeOddsFigure({
  rules,
  odds,
}: Pick<ChallengeGrid, "rules" | "odds">): Figure {
  const finding = `${worthText(odds)} (${rules})`;
  const groups = byPayoff(odds);
  return figure({
    title: finding,
    subtitle:
      "above: share of simulated accounts that pass every phase, %, with 95 % Wilson intervals; below: expected payouts less the fee, as a multiple of the fee, with 95 % intervals; a line a payoff, the gain of a winning trade over the loss of a losing one; upright dotted: worth the fee from here on",
    alt: `Two panels over the accuracy of trades, each with a curve and its band a payoff: the share of accounts that are funded, and the return on the fee beside a line at nothing. ${finding}.`,
    n:
      odds.length === 0
        ? "0 accounts"
        : `${rangeText(odds.map(({ runs }) => runs))} accounts at each of ${odds.length} points`,
    height: 560,
    data: groups.flatMap(([payoff, some], i) =>
      PANELS.flatMap((panel) =>
        curve(payoff, some, { panel, shape: MARK_SHAPES[i % MARK_SHAPES.length]! }),
      ),
    ),
    layout: {
      xaxis: axis("accuracy of a trade (%)", { anchor: "y2" }),
      yaxis: axis("funded (%)", { domain: [0.56, 1], rangemode: "tozero" }),
      yaxis2: axis("return on the fee (× fee)", {
        domain: [0, 0.46],
        zeroline: true,
        ...returnRange(odds),
      }),
      margin: { l: 64, r: 28, t: 16, b: 52 },
      shapes: groups.flatMap(([, some]) => worthLine(some)),
      annotations: groups.flatMap(([payoff, some]) => curveLabel(payoff, some)),
    },
  });
}

/** A band and its line; a number that is too high to be seen is cut at the panel's edge, not in what the pointer tells. */
function curve(
  payoff: number,
  odds: readonly ChallengeOdds[],
  { panel, shape }: { readonly panel: Panel; readonly shape: string },
): readonly Trace[] {
  const { word, unit, scale, digits, of, place } = panel;
  const x = odds.map(({ style }) => plotNumber(100 * style.accuracy, 2));
  const y = (end: keyof Interval): (number | null)[] =>
    odds.map((one) => plotNumber(scale * of(one)[end], 3));
  const band = { type: "scatter", mode: "lines", hoverinfo: "skip", line: { width: 0 }, ...place };
  return [
    { ...band, x, y: y("lower") },
    { ...band, x, y: y("upper"), fill: "tonexty", fillcolor: faded(LIGHT.model, 0.2) },
    {
      type: "scatter",
      mode: "lines+markers",
      name: `payoff ${payoff}, ${word}`,
      x,
      y: y("estimate"),
      line: { color: LIGHT.model, width: 1.8 },
      marker: { color: LIGHT.model, size: 8, symbol: shape },
      text: odds.map((one) => intervalText(of(one), digits, scale) ?? "no scatter"),
      hovertemplate: `payoff ${payoff}, %{x} % right: ${word} %{y}${unit}, %{text}<extra></extra>`,
      ...place,
    },
  ];
}

/** From a total loss to what can be read beside nothing; all of it where every return is far beyond. */
function returnRange(odds: readonly ChallengeOdds[]): Layout {
  const low = Math.min(...odds.map(({ returnOnFee }) => returnOnFee.estimate));
  const high = Math.max(1, ...odds.map(({ returnOnFee }) => returnOnFee.upper));
  const most = low > HIGHEST_RETURN ? high : Math.min(high, HIGHEST_RETURN);
  return { range: [Math.min(-1.2, -0.02 * most), 1.05 * most] };
}

/** An upright line where a payoff begins to be worth the fee; none where that is below all that was drawn. */
function worthLine(odds: readonly ChallengeOdds[]): readonly Layout[] {
  const from = worthFrom(odds);
  if (!odds.some(({ style }) => style.accuracy < from)) return [];
  const x = 100 * from;
  const line = { color: LIGHT.good, dash: "dot", width: 1.5 };
  return [{ type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line }];
}

/** The payoff's name beside its upper curve where that is steepest, near one half. */
function curveLabel(payoff: number, odds: readonly ChallengeOdds[]): readonly Layout[] {
  const distance = ({ funded }: ChallengeOdds): number => Math.abs(funded.estimate - 0.5);
  const [middle] = [...odds].sort((a, b) => distance(a) - distance(b));
  if (middle === undefined) return [];
  const { style, funded } = middle;
  const font = { size: 11, color: LIGHT.model };
  const place = { xanchor: "left", xshift: 12, yshift: -10, font };
  return [label(`payoff ${payoff}`, 100 * style.accuracy, 100 * funded.estimate, place)];
}
