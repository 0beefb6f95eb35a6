// Where, if anywhere, is what a model knows worth more than what acting on it costs?
import { shortfallText } from "../core/shortfall.js";
import type { HorizonMap } from "../evaluation/horizon-map.js";
import { intervalText, markOf, percent } from "./evaluation-marks.js";
import { horizonText } from "./horizon-text.js";
import { TEST_MAJORITY } from "./model-names.js";
import type { Cell, Table } from "./table.js";
import { untoldText } from "./untold-truth.js";

/** One line a horizon: how often right beside the majority, what a call earns, and what a round trip costs. */
export function horizonTable({ points, costs, labelKind }: HorizonMap): Table {
  const hasTruth = points.some(({ attainable }) => attainable !== undefined);
  const truth = [{ name: "attainable edge", unit: "bps", digits: 2 }];
  const hasFunding = costs.defaultFundingRate !== undefined;
  const funding = [{ name: "funding", unit: "bps", digits: 2 }];
  return {
    caption: `${markOf({ isVoid: false, labelKind })}Edge of a call beside the cost of a round trip with the fees ${hasFunding ? "and the expected funding " : ""}of ${costs.name}${untoldText(points)}`,
    columns: [
      { name: "horizon", kind: "short" },
      { name: "accuracy", unit: "%", digits: 1 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: TEST_MAJORITY, unit: "%", digits: 1 },
      { name: "edge", unit: "bps", digits: 2 },
      { name: "interval", unit: "bps", kind: "aside" },
      ...(hasTruth ? truth : []),
      { name: "spread", unit: "bps", digits: 2 },
      ...(hasFunding ? funding : []),
      { name: hasFunding ? "with fees and funding" : "with fees", unit: "bps", digits: 2 },
      { name: "does it pay", kind: "short" },
      { name: "independent rows", digits: 0 },
    ],
    rows: points.map((point): readonly Cell[] => [
      horizonText(point.horizonUs),
      percent(point.accuracy.estimate),
      intervalText(point.accuracy, 1),
      percent(point.majorityRate),
      point.edgeBps.estimate,
      intervalText(point.edgeBps, 2, 1),
      ...(hasTruth ? [point.attainable?.edgeBps ?? null] : []),
      point.spreadCostBps,
      ...(hasFunding ? [point.fundingBps] : []),
      point.costBps,
      { yes: "● yes", no: "■ no", undecided: "◆ undecided" }[point.pays],
      point.effectiveRows > 0 ? Math.round(point.effectiveRows) : null,
    ]),
  };
}

/** In words: where the edge is above the cost with all horizons judged together, where that is open, and which horizons are not known. */
export function horizonFindings({ points, labelKind, shortfalls }: HorizonMap): string {
  const named = (pays: HorizonMap["points"][number]["pays"]): string =>
    points
      .filter((point) => point.pays === pays)
      .map(({ horizonUs }) => horizonText(horizonUs))
      .join(", ");
  const [yes, no, open] = [named("yes"), named("no"), named("undecided")];
  const parts = [
    yes === "" ? "" : `above that at **${yes}**`,
    no === "" ? "" : `below that at ${no}`,
    open === "" ? "" : `not to be told apart from it at ${open}`,
  ].filter((part) => part !== "");
  const picked = `Whoever picks a horizon from these has tried ${points.length}, and the ledger counts each.`;
  const short = points.filter(({ edgeBps }) => Number.isNaN(edgeBps.lower));
  const without =
    short.length === 0
      ? ""
      : ` The test is too short for an interval at ${short.map(({ horizonUs }) => horizonText(horizonUs)).join(", ")}.`;
  const missing = [...new Set(shortfalls.map(shortfallText))];
  return [
    `${markOf({ isVoid: false, labelKind })}Beside the cost of a round trip the edge of a call is ${parts.join(", ")}. A verdict holds for all ${points.length} horizons together (Holm's rule at 5 %) and beyond the horizon's own 95 % interval.${without} ${picked}`,
    ...missing,
  ].join("\n\n");
}
