// Family calendar: the hour as a place on a circle, because markets keep hours.

import { LIGHT } from "../../core/palette.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { DAY_US, MINUTE_US } from "../../core/time.js";
import { featureColumn } from "../features/feature-frame.js";
import type { Series } from "../pictures/picture.js";
import { threeDigits } from "../quantity-text.js";
import { barLine, barView, noValues } from "./bar-view.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";

/** Half hours of a day. */
const SLOTS = 48;
const SLOT_US = DAY_US / SLOTS;

/** With fewer half hours nothing is said of the busiest. */
const ENOUGH_SLOTS = 12;

/** The two waves over the last day of the data, and what is traded in each half hour of a day on average. */
export function calendarPicture(look: FeatureLook | Shortfall): FamilyPicture | Shortfall {
  if (isShortfall(look)) return look;
  const { frame } = look;
  const ends = frame.barEndUs;
  const startUs = DAY_US * Math.floor((ends.at(-1)! - MINUTE_US) / DAY_US);
  const from = ends.findIndex((endUs) => endUs > startUs);
  const window = { fromUs: startUs, toUs: startUs + DAY_US };
  const view = barView(frame, { from, to: ends.length, ...window });
  if (!view.has("hour_sin")) return noValues(view, "the calendar", ["hour_sin"]);
  const usual = slotMeans(ends, featureColumn(frame, "volume"));
  const days = new Set(Array.from(ends, (endUs) => Math.floor((endUs - MINUTE_US) / DAY_US))).size;
  return {
    title: titleOf(frame.symbol, usual),
    what: `sine and cosine of the minute of the day, ratios; below, amount traded a minute in each half hour of the day, mean of ${days === 1 ? "the day" : `${days} days`}`,
    alt: `Two waves of one day's length, a quarter of a day apart; below, bars of what ${frame.symbol} trades in each half hour.`,
    n: `${ends.length.toLocaleString("en-US")} bars`,
    window,
    panels: [
      {
        name: "place on the circle",
        axis: "ratio",
        range: [-1.1, 1.1],
        series: [
          ...(usual.some(Number.isNaN) ? wholeDay(startUs) : []),
          barLine(view, view.of("hour_sin"), { name: "hour_sin", colour: LIGHT.model }),
          barLine(view, view.of("hour_cos"), {
            name: "hour_cos",
            colour: LIGHT.text,
            isDashed: true,
          }),
        ],
      },
      {
        name: "amount by half hour",
        axis: "amount/min",
        hasZero: true,
        series: [
          {
            name: "mean volume",
            draw: "bars",
            colour: LIGHT.chance,
            lengthUs: SLOT_US,
            timesUs: Float64Array.from({ length: SLOTS }, (_, slot) => startUs + slot * SLOT_US),
            values: usual,
          },
        ],
      },
    ],
  };
}

/** Both waves over all of a day, so that a stretch of it is seen in its place. */
function wholeDay(startUs: number): readonly Series[] {
  const steps = Float64Array.from({ length: 2 * SLOTS + 1 }, (_, i) => i / (2 * SLOTS));
  const timesUs = steps.map((share) => startUs + share * DAY_US);
  return (
    [
      ["sin", "sine"],
      ["cos", "cosine"],
    ] as const
  ).map(([wave, name]) => ({
    name: `${name} of the whole day`,
    draw: "line",
    colour: LIGHT.line,
    timesUs,
    values: steps.map((share) => Math[wave](2 * Math.PI * share)),
  }));
}

/** Mean of each half hour of the day over all days; NaN where there is no bar. */
function slotMeans(barEndUs: Float64Array, values: Float64Array): Float64Array {
  const sums = new Float64Array(SLOTS);
  const counts = new Float64Array(SLOTS);
  barEndUs.forEach((endUs, row) => {
    if (Number.isNaN(values[row]!)) return;
    const slot = Math.floor(((endUs - MINUTE_US) % DAY_US) / SLOT_US);
    sums[slot]! += values[row]!;
    counts[slot]!++;
  });
  return sums.map((sum, slot) => sum / counts[slot]!);
}

function titleOf(symbol: string, usual: Float64Array): string {
  const slots = Array.from(usual.keys()).filter((slot) => usual[slot]! > 0);
  if (slots.length < ENOUGH_SLOTS) {
    return `The data of ${symbol} covers ${slots.length} of ${SLOTS} half hours of the day, too few to say when it trades most`;
  }
  const busiest = slots.reduce((best, slot) => (usual[slot]! > usual[best]! ? slot : best));
  const calmest = slots.reduce((best, slot) => (usual[slot]! < usual[best]! ? slot : best));
  return `${symbol} trades most in the half hour from ${clock(busiest)} on, ${threeDigits(usual[busiest]! / usual[calmest]!)} times as much as from ${clock(calmest)} on`;
}

function clock(slot: number): string {
  return new Date((slot * SLOT_US) / 1000).toISOString().slice(11, 16);
}
