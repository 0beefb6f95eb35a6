import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { intervalText } from "./evaluation-marks.js";
import { modelText } from "./model-names.js";
import type { Cell, Table } from "./table.js";

/** The bins of the reliability diagram: what was stated, what came, and how many independent rows that rests on. */
export function reliabilityBinsTable({
  model,
  reliability,
}: Pick<ModelEvaluation, "model" | "reliability">): Table {
  return {
    caption: `Bins of equal size of ${modelText(model)}, with 95 % block-bootstrap intervals`,
    columns: [
      { name: "stated", unit: "%", digits: 1 },
      { name: "came true", unit: "%", digits: 1 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: "off by", unit: "points", digits: 1 },
      { name: "rows" },
      { name: "independent rows", digits: 0 },
    ],
    rows: reliability.map((bin): readonly Cell[] => [
      100 * bin.meanProbability,
      100 * bin.upRate,
      intervalText(bin, 1),
      100 * (bin.upRate - bin.meanProbability),
      bin.rows,
      Math.round(bin.effectiveRows),
    ]),
  };
}
