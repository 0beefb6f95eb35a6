import { coinColour, LIGHT } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { HOUR_US } from "../../core/time.js";
import { axis, type Figure, figure, type Layout, label, timeAxis, timeText } from "../figure.js";
import { panelAxis, panelLayout, panelsHeight } from "../panels.js";
import type { QuoteAgreement, QuoteAgreements } from "../quote-agreement.js";

/** Height of one symbol's panel, pixels. */
const PANEL = 190;

/** With more hours than these, dots would hide the line. */
const MOST_MARKED = 72;

/** All but one state in so many as a place on the axis: beyond this, all of them. */
const TOP = 5;

/**
 * Share of book states whose best prices, and best prices and amounts, stand in the quotes, by hour, with the law's lines. The
 * axis is logarithmic in what is missing to all, so that 99.9 % and 99.99 % lie as far apart as 90 % and 99 %.
 */
export function quoteAgreementFigure({ bySymbol, law }: QuoteAgreements): Figure {
  const states = sum(bySymbol.map(({ compared }) => sum(compared)));
  const share = (of: (one: QuoteAgreement) => Float64Array): number =>
    sum(bySymbol.map((one) => sum(one.compared.map((n, i) => n * of(one)[i]!)))) / states;
  const hours = sum(bySymbol.map(({ hourUs }) => hourUs.length));
  const unlawful = sum(
    bySymbol.map(({ pricesShare, allShare }) => {
      const is = (i: number): boolean =>
        pricesShare[i]! < law.pricesShare || allShare[i]! < law.allShare;
      return Array.from(pricesShare.keys()).filter(is).length;
    }),
  );
  const [prices, all] = [share((one) => one.pricesShare), share((one) => one.allShare)];
  const broken =
    unlawful === 0
      ? "the law holds in every hour"
      : `the law is broken in ${unlawful} of ${hours} hours`;
  return figure({
    title: `The rebuilt book's best prices equal the quotes in ${percent(prices)} of its states, and its amounts too in ${percent(all)}; ${broken}`,
    subtitle: `share of book states found in the quotes within the window, by hour; dashed: the law, ${percent(law.pricesShare)} for prices and ${percent(law.allShare)} for prices and amounts`,
    alt: `Two lines a symbol by hour: the share of states with equal prices, about ${percent(prices)}, and with equal prices and amounts, about ${percent(all)}; ${broken}.`,
    n: `${states.toLocaleString("en-US")} book states`,
    height: panelsHeight(bySymbol.length, PANEL) + 24,
    data: bySymbol.flatMap((one, panel) => traces(one, panel, law)),
    layout: agreementLayout({ bySymbol, law }),
  });
}

function agreementLayout({ bySymbol, law }: QuoteAgreements): Layout {
  const layout = panelLayout(
    bySymbol.map(({ symbol }) => symbol),
    () => nineAxis(bySymbol),
    timeAxis(),
    { hasLegend: true },
  );
  const lines = bySymbol.flatMap((_, panel) =>
    [law.pricesShare, law.allShare].map((share) => ({
      type: "line",
      xref: "paper",
      yref: panel === 0 ? "y" : `y${panel + 1}`,
      x0: 0,
      x1: 1,
      y0: nines(share),
      y1: nines(share),
      line: { color: LIGHT.bad, dash: "dash", width: 1.2 },
    })),
  );
  const names = bySymbol.flatMap((_, panel) =>
    (
      [
        ["prices", law.pricesShare, "top"],
        ["prices and amounts", law.allShare, "bottom"],
      ] as const
    ).map(([what, share, side]) =>
      label(`law: ${what} ${percent(share)}`, 1, nines(share), {
        xref: "paper",
        yref: panel === 0 ? "y" : `y${panel + 1}`,
        xanchor: "right",
        yanchor: side,
        font: { size: 11, color: LIGHT.bad },
      }),
    ),
  );
  return { ...layout, shapes: lines, annotations: [...layout.annotations, ...names] };
}

/** From the tens of percent below the lowest share up to all. */
function nineAxis(bySymbol: readonly QuoteAgreement[]): Layout {
  const low = Math.min(
    1,
    ...bySymbol.flatMap(({ pricesShare, allShare }) => [...pricesShare, ...allShare].map(nines)),
  );
  const ticks = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 1];
  return axis("share of states", {
    range: [low - 0.25, TOP + 0.25],
    tickmode: "array",
    tickvals: ticks.map(nines),
    ticktext: ticks.map((share) => `${Number((100 * share).toFixed(3))} %`),
    zeroline: false,
  });
}

function traces(one: QuoteAgreement, panel: number, law: QuoteAgreements["law"]): Figure["data"] {
  const colour = coinColour(coinOf(one.symbol));
  const rows = withHoles(one.hourUs);
  // Where there are many hours, those that break the law are marked alone.
  const isMany = rows.length > MOST_MARKED;
  const line = (
    name: string,
    values: Float64Array,
    {
      least,
      symbol,
      dash,
    }: { readonly least: number; readonly symbol: string; readonly dash: string },
  ): Figure["data"] => {
    const points = (kept: typeof rows): Figure["data"][number] => ({
      type: "scatter",
      name,
      legendgroup: name,
      connectgaps: false,
      x: kept.map(({ timeUs }) => timeText(timeUs + HOUR_US / 2)),
      y: kept.map(({ row }) => (row < 0 ? null : Number(nines(values[row]!).toFixed(4)))),
      customdata: kept.map(({ row }) =>
        row < 0
          ? ""
          : `${percent(values[row]!)} of ${one.compared[row]!.toLocaleString("en-US")} states`,
      ),
      hovertemplate: `${one.symbol} ${name}: %{customdata}<br>%{x}<extra></extra>`,
      line: { color: colour, width: 1.6, dash },
      marker: { color: colour, symbol, size: 6 },
      ...panelAxis(panel),
    });
    const marked = rows.filter(({ row }) => row >= 0 && (!isMany || values[row]! < least));
    return [
      { ...points(rows), mode: "lines", showlegend: panel === 0 },
      { ...points(marked), mode: "markers", showlegend: false },
    ];
  };
  const { pricesShare, allShare } = law;
  return [
    ...line("prices equal", one.pricesShare, {
      least: pricesShare,
      symbol: "circle",
      dash: "solid",
    }),
    ...line("prices and amounts equal", one.allShare, {
      least: allShare,
      symbol: "diamond-open",
      dash: "dot",
    }),
  ];
}

/** Hours in order, with a hole where some are missing. */
function withHoles(
  hourUs: Float64Array,
): readonly { readonly timeUs: number; readonly row: number }[] {
  return Array.from(hourUs).flatMap((timeUs, row) => {
    const before = hourUs[row - 1];
    const hasHole = before !== undefined && timeUs - before > 1.5 * HOUR_US;
    return [...(hasHole ? [{ timeUs: before + HOUR_US, row: -1 }] : []), { timeUs, row }];
  });
}

/** How many nines a share has: 1 for 90 %, 3 for 99.9 %, the top for all. */
function nines(share: number): number {
  return share >= 1 ? TOP : Math.min(TOP - 0.2, -Math.log10(1 - share));
}

function percent(share: number): string {
  // Never 100 % for what is not all.
  const digits = share >= 1 ? 0 : share > 0.9995 ? 3 : 2;
  const text = (100 * share).toFixed(digits);
  return `${share < 1 && Number(text) === 100 ? ">99.999" : Number(text)} %`;
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((all, one) => all + one, 0);
}
