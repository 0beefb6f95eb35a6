import { LIGHT } from "../../core/palette.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import { extremeRows, plotNumbers } from "../downsample.js";
import { intervalText, signed } from "../evaluation-marks.js";
import { axis, type Figure, figure, label, timeText } from "../figure.js";
import { modelText } from "../model-names.js";

/** What the figure reads of a model's evaluation. */
type Traded = Pick<ModelEvaluation, "model"> & {
  readonly backtest: {
    readonly equity: Pick<ModelEvaluation["backtest"]["equity"], "timeUs" | "gross" | "net">;
    readonly intervals: Pick<ModelEvaluation["backtest"]["intervals"], "netReturn" | "maxDrawdown">;
  };
};

/** Equity above, its fall from the peak below. */
export function equityFigure({ model, backtest }: Traded): Figure {
  const { timeUs, gross, net } = backtest.equity;
  const last = timeUs.length - 1;
  const end = last < 0 ? 0 : net[last]!;
  const grossEnd = last < 0 ? 0 : gross[last]!;
  const drawdown = drawdowns(net);
  const worst = drawdown.reduce((low, value) => Math.min(low, value), 0);
  const line = (
    name: string,
    values: Float64Array,
    color: string,
    more: object = {},
  ): Figure["data"][number] => {
    const rows = extremeRows(values, 2500);
    return {
      type: "scatter",
      mode: "lines",
      name,
      x: rows.map((i) => timeText(timeUs[i]!)),
      y: plotNumbers(
        values.map((value) => 100 * value),
        rows,
      ),
      line: { color, width: 1.8 },
      ...more,
    };
  };
  const { netReturn, maxDrawdown } = backtest.intervals;
  const ends = intervalText(netReturn, 1);
  const falls = intervalText(maxDrawdown, 1);
  return figure({
    title: `Traded with costs, ${modelText(model)} ${end >= 0 ? "earned" : "lost"} ${Math.abs(100 * end).toFixed(2)} % of the capital over the test (${ends === null ? "" : `95 % interval ${ends}; `}${signed((100 * grossEnd).toFixed(2))} % before them)`,
    subtitle: `sum of returns on a constant capital, %, before and after all costs; below, the fall of the latter from its peak${falls === null ? "" : `, whose deepest has a 95 % interval of ${falls} %`}; one path, intervals by resampling blocks of it`,
    alt: `Two equity curves over the test time, before and after costs; the latter ends at ${signed((100 * end).toFixed(2))} %, its deepest fall is ${(100 * Math.abs(worst)).toFixed(2)} %.`,
    n: `${timeUs.length.toLocaleString("en-US")} bars`,
    height: 460,
    data: [
      line("before costs", gross, LIGHT.baseline),
      line("after costs", net, LIGHT.model),
      line("drawdown", drawdown, LIGHT.bad, {
        yaxis: "y2",
        fill: "tozeroy",
        fillcolor: `${LIGHT.bad}33`,
      }),
    ],
    layout: {
      // Names at the ends of lines stand in the margin, and would widen an axis without a range.
      xaxis: axis("time (UTC)", {
        type: "date",
        anchor: "y2",
        nticks: 5,
        ...(last < 0 ? {} : { range: [timeText(timeUs[0]!), timeText(timeUs[last]!)] }),
      }),
      yaxis: axis("equity (%)", { domain: [0.36, 1], zeroline: true }),
      yaxis2: axis("drawdown (%)", { domain: [0, 0.28], nticks: 3 }),
      margin: { l: 60, r: 72, t: 28, b: 52 },
      annotations:
        last < 0
          ? []
          : [
              label("before costs", timeText(timeUs[last]!), 100 * grossEnd, {
                xanchor: "left",
                xshift: 3,
                yanchor: grossEnd >= end ? "bottom" : "top",
                font: { size: 11, color: LIGHT.baseline },
              }),
              label("after costs", timeText(timeUs[last]!), 100 * end, {
                xanchor: "left",
                xshift: 3,
                yanchor: grossEnd >= end ? "top" : "bottom",
                font: { size: 11, color: LIGHT.model },
              }),
            ],
    },
  });
}

function drawdowns(net: Float64Array): Float64Array {
  let peak = 0;
  return net.map((value) => {
    peak = Math.max(peak, value);
    return value - peak;
  });
}
