import type { AttentionReads, HeadAttention } from "../../evaluation/attention-reads.js";
import { columnAxis, columnLayout } from "../columns.js";
import { plotNumber } from "../downsample.js";
import { ratioInterval } from "../evaluation-marks.js";
import { axis, dottedLine, type Figure, figure, label, type Trace } from "../figure.js";
import { modelText } from "../model-names.js";
import { LIGHT, MARK_SHAPES } from "../palette.js";

const COLOURS = [LIGHT.model, LIGHT.bid, LIGHT.ask, LIGHT.attainable] as const;
const DASHES = ["solid", "dash", "dot", "dashdot"] as const;

/** How much the newest bar reads of each bar of its window: a panel a layer, a line a head, beside reading all alike. */
export function attentionFigure(reads: AttentionReads): Figure {
  const { heads, steps, windows, recentSteps } = reads;
  const model = modelText(reads.model);
  const layers = [...new Set(heads.map(({ layer }) => layer))];
  const even = 100 / steps;
  const finding = findingOf(reads);
  const layout = columnLayout(
    layers.map((layer) =>
      layer === layers.length ? `layer ${layer}, the last` : `layer ${layer}`,
    ),
    () =>
      axis("bars back from the newest", {
        range: [steps - 0.5, -0.5],
        zeroline: false,
        dtick: Math.max(1, Math.round(steps / 6)),
      }),
    axis("weight (%)", { rangemode: "tozero" }),
  );
  return figure({
    title: finding,
    subtitle: `mean weight that the newest bar gives to each bar of its window, %, by layer and head; dotted: all bars alike, of which the last ${recentSteps} have ${percent(recentSteps / steps)}`,
    alt: `For each of ${layers.length} layers of ${model} a line a head over the bars of the window, from ${steps - 1} bars back to the newest, beside a dotted line at ${even.toFixed(1)} %. ${finding}.`,
    n: `${windows.toLocaleString("en-US")} test windows, ${heads.length} heads`,
    data: heads.map((head) => traceOf(head, layers.indexOf(head.layer))),
    layout: {
      ...layout,
      showlegend: true,
      legend: { orientation: "h", y: -0.22, yanchor: "top", x: 0, font: { size: 12 } },
      margin: { l: 64, r: 64, t: 40, b: 84 },
      shapes: [dottedLine(even)],
      annotations: [
        ...layout.annotations,
        label("all alike", 1, even, {
          xref: "paper",
          xanchor: "left",
          xshift: 4,
          font: { size: 11, color: LIGHT.muted },
        }),
      ],
    },
  });
}

/** Heads of the same number look the same in every layer; the legend names them once. */
function traceOf({ layer, head, weights }: HeadAttention, panel: number): Trace {
  const i = head - 1;
  const color = COLOURS[i % COLOURS.length]!;
  return {
    type: "scatter",
    mode: "lines+markers",
    name: `head ${head}`,
    legendgroup: `head ${head}`,
    showlegend: panel === 0,
    x: weights.map((_, back) => back),
    y: weights.map((weight) => plotNumber(100 * weight, 3)),
    line: { color, width: 1.6, dash: DASHES[i % DASHES.length] },
    marker: { color, size: 4, symbol: MARK_SHAPES[i % MARK_SHAPES.length] },
    hovertemplate: `layer ${layer}, head ${head}, %{x} bars back: %{y} %<extra></extra>`,
    ...columnAxis(panel),
  };
}

/** The head that reads recent bars most, and whether any differs from reading all alike. */
function findingOf({ heads, steps, recentSteps, model }: AttentionReads): string {
  const even = recentSteps / steps;
  const apart = heads.filter(({ recent }) => recent.lower > even || recent.upper < even);
  const [most] = [...heads].sort(
    (a, b) => Math.abs(b.recent.estimate - even) - Math.abs(a.recent.estimate - even),
  );
  const name = modelText(model);
  if (most === undefined) return `${name} has no heads`;
  const { layer, head, recent } = most;
  const farthest = `head ${head} of layer ${layer} gives the last ${recentSteps} bars ${percent(recent.estimate)} (${ratioInterval(recent)}), where reading all alike gives ${percent(even)}`;
  return `In ${name} ${farthest}; ${apart.length} of ${heads.length} heads ${apart.length === 1 ? "differs" : "differ"} from that beyond the interval`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
