import { coinColour, LIGHT } from "../../core/palette.js";
import { normalCdf } from "../../core/statistics.js";
import { coinOf } from "../../core/symbols.js";
import { plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, label } from "../figure.js";
import type { MarketLook } from "../market-look.js";

/**
 * Four things that every liquid market shows: large moves are commoner than a normal law allows, quiet and wild times
 * cluster, the day has a rhythm, and the spread breathes.
 */
export function marketLikenessFigure(looks: readonly MarketLook[]): Figure {
  const beyond = looks.map(({ beyondFourSigma }) => beyondFourSigma);
  const normalShare = 2 * (1 - normalCdf(4));
  const times = Math.round(Math.max(...beyond) / normalShare);
  const lagOne = Math.min(
    ...looks.map(({ absoluteAutocorrelation }) => absoluteAutocorrelation[0] ?? 0),
  );
  const traces = looks.flatMap((look) => panelTraces(look));
  return figure({
    title: `Moves beyond 4 σ come up to ${times.toLocaleString("en-US")} times as often as a normal law says; volatility clusters (lag-1 autocorrelation ≥ ${lagOne.toFixed(2)})`,
    subtitle:
      "one-minute mid returns: tail against the normal law (dotted), autocorrelation of |return|, volatility and spread over the UTC day",
    alt: "Four panels. Tails of one-minute returns lie above the normal law's; the autocorrelation of absolute returns decays slowly; volatility and the spread move over the hours of the day.",
    n: `${looks.reduce((sum, { rows }) => sum + rows, 0).toLocaleString("en-US")} minutes`,
    height: 620,
    data: [normalTail(), ...traces],
    layout: {
      grid: { rows: 2, columns: 2, pattern: "independent", xgap: 0.14, ygap: 0.24 },
      showlegend: true,
      legend: { orientation: "h", y: 1.06, yanchor: "bottom", x: 0 },
      margin: { l: 64, r: 28, t: 64, b: 52 },
      xaxis: axis("|return| in standard deviations"),
      yaxis: axis("share of minutes beyond (%)", {
        type: "log",
        dtick: 1,
        tickformat: "~g",
        range: [-3, 2],
      }),
      xaxis2: axis("lag (minutes)"),
      yaxis2: axis("autocorrelation of |return|", { zeroline: true }),
      xaxis3: axis("hour of the day (UTC)", { dtick: 4 }),
      yaxis3: axis("volatility (bps a minute)", { rangemode: "tozero" }),
      xaxis4: axis("hour of the day (UTC)", { dtick: 4 }),
      yaxis4: axis("spread (bps), middle half as band", { rangemode: "tozero" }),
      annotations: [
        label("normal law", 3.6, Math.log10(4e-2), {
          xref: "x",
          yref: "y",
          xanchor: "left",
          font: { size: 11, color: LIGHT.muted },
        }),
      ],
    },
  });
}

function panelTraces(look: MarketLook): Figure["data"] {
  const { symbol, tailSigma, tailShare, absoluteAutocorrelation, hour, volatilityBps } = look;
  const colour = coinColour(coinOf(symbol));
  const line = (
    panel: number,
    x: ArrayLike<number>,
    y: ArrayLike<number>,
  ): Figure["data"][number] => ({
    type: "scatter",
    mode: "lines",
    name: symbol,
    legendgroup: symbol,
    showlegend: panel === 1,
    x: plotNumbers(x),
    y: plotNumbers(y),
    line: { color: colour, width: 1.8 },
    ...(panel === 1 ? {} : { xaxis: `x${panel}`, yaxis: `y${panel}` }),
  });
  const lags = absoluteAutocorrelation.map((_, i) => i + 1);
  const band = {
    type: "scatter",
    mode: "lines",
    legendgroup: symbol,
    showlegend: false,
    hoverinfo: "skip",
    x: [...hour, ...[...hour].reverse()],
    y: plotNumbers([...look.spreadHighBps, ...[...look.spreadLowBps].reverse()]),
    fill: "toself",
    fillcolor: `${colour}26`,
    line: { width: 0, color: colour },
    xaxis: "x4",
    yaxis: "y4",
  };
  return [
    line(
      1,
      tailSigma,
      tailShare.map((share) => 100 * share),
    ),
    line(2, lags, absoluteAutocorrelation),
    line(3, hour, volatilityBps),
    band,
    line(4, hour, look.spreadBps),
  ];
}

function normalTail(): Figure["data"][number] {
  const sigma = Array.from({ length: 46 }, (_, i) => i / 10);
  return {
    type: "scatter",
    mode: "lines",
    name: "normal law",
    showlegend: false,
    x: sigma,
    y: plotNumbers(sigma.map((x) => 200 * (1 - normalCdf(x)))),
    line: { color: LIGHT.chance, dash: "dot", width: 1.5 },
  };
}
