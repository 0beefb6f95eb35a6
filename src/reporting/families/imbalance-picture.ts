// Family book imbalance: which side of the book is heavier, and where its flow goes.

import { LIGHT } from "../../core/palette.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { MINUTE_US } from "../../core/time.js";
import type { PicturePanel, Series } from "../pictures/picture.js";
import { type BarView, barBars, barSteps, barView, noValues } from "./bar-view.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import type { BarRows } from "./look-bars.js";
import type { LookStates } from "./look-ticks.js";
import { percent } from "./seen.js";

/** Two minutes with fewer states than these show nothing; all of the look is drawn then. */
const ENOUGH_STATES = 100;

/** Fewer moves say nothing of where moves go. */
const ENOUGH_MOVES = 10;

/** The mid, the imbalance below it state by state with each bar's average, and the order flow of each change. */
export function imbalancePicture(look: FeatureLook | Shortfall): FamilyPicture | Shortfall {
  if (isShortfall(look)) return look;
  const { frame, minutes, ticks } = look;
  const whole = barView(frame, minutes);
  if (ticks.states.timesUs.length < 2) return noValues(whole, "book imbalance", ["obi_twa_l5"]);
  const rows = busiestTwo(minutes, ticks.states.timesUs);
  const view = barView(frame, rows);
  const states = statesWithin(ticks.states, rows);
  const { timesUs, flow } = states;
  const up = flow.map((value) => (value > 0 ? value : Number.NaN));
  const down = flow.map((value) => (value < 0 ? value : Number.NaN));
  return {
    title: titleOf(frame.symbol, states),
    what: "best prices and mid, price; imbalance of five levels state by state and as each minute's average, ratio; order flow of each change of the book, amount, and of each minute in units of the usual amount at the best prices",
    alt: `Steps of the mid of ${frame.symbol}; below, the imbalance of its book between −1 and 1, the flow of each change as lines up and down, and their sum of each minute as bars.`,
    n: `${timesUs.length.toLocaleString("en-US")} book states`,
    window: rows,
    panels: [
      pricePanel(states),
      {
        name: "imbalance",
        axis: "ratio",
        range: [-1.05, 1.05],
        hasZero: true,
        series: [
          steps("obi_l5 of each state", LIGHT.chance, timesUs, states.imbalance5),
          barSteps(view, view.of("obi_twa_l5"), { name: "obi_twa_l5", colour: LIGHT.model }),
        ],
      },
      {
        name: "order flow",
        axis: "amount",
        hasZero: true,
        series: [
          { name: "to the bid", draw: "stems", colour: LIGHT.bid, timesUs, values: up },
          { name: "to the ask", draw: "stems", colour: LIGHT.ask, timesUs, values: down },
        ],
      },
      flowPanel(view),
    ],
  };
}

function flowPanel(view: BarView): PicturePanel {
  return {
    name: "ofi_norm",
    axis: "usual queues",
    hasZero: true,
    series: barBars(view, view.of("ofi_norm"), [
      { name: "to the bid", colour: LIGHT.bid },
      { name: "to the ask", colour: LIGHT.ask },
    ]),
  };
}

function pricePanel({ timesUs, bidPrice, askPrice }: LookStates): PicturePanel {
  const mid = bidPrice.map((bid, i) => (bid + askPrice[i]!) / 2);
  return {
    name: "price",
    axis: "price",
    series: [
      steps("ask", LIGHT.ask, timesUs, askPrice),
      steps("bid", LIGHT.bid, timesUs, bidPrice),
      steps("mid", LIGHT.text, timesUs, mid),
    ],
  };
}

function steps(name: string, colour: string, timesUs: Float64Array, values: Float64Array): Series {
  return { name, draw: "steps", colour, timesUs, values };
}

/** The two neighbouring bars with the most states, or all where those are few. */
function busiestTwo(minutes: BarRows, timesUs: Float64Array): BarRows {
  const bars = minutes.to - minutes.from;
  const counts = new Float64Array(bars);
  for (const timeUs of timesUs) {
    const bar = Math.floor((timeUs - minutes.fromUs) / MINUTE_US);
    if (bar < bars) counts[bar]!++;
  }
  let best = 0;
  const both = (bar: number): number => counts[bar]! + (counts[bar + 1] ?? 0);
  for (let bar = 1; bar + 1 < bars; bar++) if (both(bar) > both(best)) best = bar;
  if (both(best) < ENOUGH_STATES || bars <= 2) return minutes;
  const fromUs = minutes.fromUs + best * MINUTE_US;
  const from = minutes.from + best;
  return { from, to: from + 2, fromUs, toUs: fromUs + 2 * MINUTE_US };
}

/** States of a stretch, with the one that stands when it begins and a last row at its end. */
function statesWithin(states: LookStates, { fromUs, toUs }: BarRows): LookStates {
  const { timesUs } = states;
  const after = timesUs.findIndex((timeUs) => timeUs > toUs);
  const end = after < 0 ? timesUs.length : after;
  const first = timesUs.findIndex((timeUs) => timeUs > fromUs);
  const start = Math.max(0, (first < 0 ? end : first) - 1);
  const cut = (column: Float64Array): Float64Array => {
    const values = column.slice(start, end);
    return Float64Array.of(...values, values.at(-1) ?? Number.NaN);
  };
  const times = cut(timesUs).map((timeUs) => Math.max(fromUs, timeUs));
  times[times.length - 1] = toUs;
  const flow = cut(states.flow);
  flow[0] = 0;
  flow[flow.length - 1] = 0;
  return {
    timesUs: times,
    bidPrice: cut(states.bidPrice),
    askPrice: cut(states.askPrice),
    imbalance1: cut(states.imbalance1),
    imbalance5: cut(states.imbalance5),
    flow,
  };
}

/** Where the mid went from states with a heavier side. */
function titleOf(symbol: string, { bidPrice, askPrice, imbalance1 }: LookStates): string {
  let moves = 0;
  let toThinner = 0;
  for (let i = 1; i < bidPrice.length; i++) {
    const move = bidPrice[i]! + askPrice[i]! - bidPrice[i - 1]! - askPrice[i - 1]!;
    const lean = move * imbalance1[i - 1]!;
    if (lean === 0 || Number.isNaN(lean)) continue;
    moves++;
    if (lean > 0) toThinner++;
  }
  if (moves < ENOUGH_MOVES)
    return `The mid of ${symbol} moved ${moves} times here, too few to say where it goes`;
  return `Of ${moves.toLocaleString("en-US")} moves of the mid of ${symbol}, ${percent(toThinner / moves)} went towards the side with less at its best price; by chance it would be half`;
}
