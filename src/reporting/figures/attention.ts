import { LIGHT } from "../../core/palette.js";
import type { AttentionReads, HeadAttention } from "../../evaluation/attention-reads.js";
import { plotNumber } from "../downsample.js";
import { percentText, ratioInterval } from "../evaluation-marks.js";
import { axis, type Figure, figure, type Trace } from "../figure.js";
import { gridAxes, gridLayout } from "../grid.js";
import { modelText } from "../model-names.js";

/** How much the newest bar reads of each bar of its window: a panel a head, beside the same head before training. */
export function attentionFigure(reads: AttentionReads): Figure {
  const { heads, steps, windows, recentSteps } = reads;
  const model = modelText(reads.model);
  const layers = Math.max(1, ...heads.map(({ layer }) => layer));
  const columns = Math.max(1, ...heads.map(({ head }) => head));
  const finding = findingOf(reads);
  const layout = gridLayout(
    heads.map(({ layer, head }) => ({ column: head - 1, row: layer - 1 })),
    heads.map(({ layer, head, moved }) => `layer ${layer}, head ${head}: ${percent(moved)} moved`),
    {
      columns,
      rows: layers,
      xAxis: axis("bars back", {
        range: [steps - 0.5, -0.5],
        zeroline: false,
        dtick: Math.max(1, Math.round(steps / 3)),
      }),
      yAxis: axis("weight (%)", { range: [0, 105 * highest(heads)], nticks: 4 }),
    },
  );
  return figure({
    title: finding,
    subtitle: `mean weight that the newest bar gives to each bar of its window, %, by layer and head: solid; dashed before training, by the seed's draws alone; dotted all bars alike, of which the last ${recentSteps} have ${percent(recentSteps / steps)}`,
    alt: `A panel for each of ${heads.length} heads of ${model}: its weights over the bars of the window, from ${steps - 1} bars back to the newest, beside those before training and a dotted line at ${(100 / steps).toFixed(1)} %. ${finding}.`,
    n: `${windows.toLocaleString("en-US")} test windows, ${heads.length} heads`,
    height: 90 + 180 * layers,
    data: heads.flatMap((head, panel) => tracesOf(head, panel, steps)),
    layout: { ...layout, margin: { l: 56, r: 20, t: 4, b: 52 } },
  });
}

function highest(heads: readonly HeadAttention[]): number {
  return Math.max(0, ...heads.flatMap(({ weights, start }) => [...weights, ...start]));
}

function tracesOf(
  { layer, head, weights, start }: HeadAttention,
  panel: number,
  steps: number,
): readonly Trace[] {
  const line = (values: readonly number[], about: string, style: object): Trace => ({
    type: "scatter",
    mode: "lines",
    x: values.map((_, back) => back),
    y: values.map((weight) => plotNumber(100 * weight, 3)),
    line: style,
    hovertemplate: `layer ${layer}, head ${head}${about}, %{x} bars back: %{y} %<extra></extra>`,
    ...gridAxes(panel),
  });
  const even = [100 / steps, 100 / steps].map((weight) => plotNumber(weight, 3));
  return [
    {
      type: "scatter",
      mode: "lines",
      x: [steps - 0.5, -0.5],
      y: even,
      line: { color: LIGHT.chance, dash: "dot", width: 1.5 },
      hoverinfo: "skip",
      ...gridAxes(panel),
    },
    line(start, " before training", { color: LIGHT.baseline, dash: "dash", width: 1.3 }),
    line(weights, "", { color: LIGHT.model, width: 1.8 }),
  ];
}

/** The head that training moved most, and what it reads of the last bars. */
function findingOf({ heads, steps, recentSteps, model }: AttentionReads): string {
  const name = modelText(model);
  const [most] = [...heads].sort((a, b) => b.moved - a.moved);
  if (most === undefined) return `${name} has no heads`;
  const { layer, head, moved, recent } = most;
  // The weights of the start were kept: nothing that lasts was found.
  if (moved === 0) {
    return `Training moved nothing of what ${name} reads: its heads are as they were drawn`;
  }
  const share = moved < 0.005 ? "less than 1 %" : percent(moved);
  return (
    `Of what ${name} reads training moved head ${head} of layer ${layer} most, ${share} of its weight: ` +
    `the last ${recentSteps} bars now have ${percentText(recent.estimate)} (${ratioInterval(recent)}), where reading all alike gives ${percentText(recentSteps / steps)}`
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
