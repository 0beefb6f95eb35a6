// Families ohlcv and returns: one move, told over several lookbacks.

import { LIGHT } from "../../core/palette.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { MINUTE_US } from "../../core/time.js";
import { durationText } from "../duration-text.js";
import type { PicturePanel } from "../pictures/picture.js";
import { threeDigits } from "../quantity-text.js";
import { type BarView, barBars, barLine, barView, noValues } from "./bar-view.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import { signChanges, times } from "./seen.js";

/** Returns from the shortest to the longest, and how each is drawn. */
const RETURNS = [
  { bars: 5, colour: LIGHT.chance },
  { bars: 15, colour: LIGHT.baseline },
  { bars: 60, colour: LIGHT.model },
  { bars: 240, colour: LIGHT.text },
] as const;

/** Candles of the bars, what was traded in each, and their log returns. */
export function pricePicture(look: FeatureLook | Shortfall): FamilyPicture | Shortfall {
  if (isShortfall(look)) return look;
  const view = barView(look.frame, look.hours);
  const { symbol } = view;
  if (!view.has("close")) return noValues(view, "prices", ["close"]);
  const close = view.of("close");
  const returns = RETURNS.filter(({ bars }) => view.has(`log_ret_${bars}`));
  const [first, last] = [close.find((price) => price > 0)!, close.at(-1)!];
  const move = 100 * (last / first - 1);
  const changes = ({ bars }: (typeof RETURNS)[number]): string =>
    times(signChanges(view.of(`log_ret_${bars}`)));
  const [short, long] = [returns[0], returns.at(-1)];
  const words =
    short === undefined || long === undefined || short === long
      ? ""
      : `: its return over ${short.bars} bars changed sign ${changes(short)}, over ${long.bars} bars ${changes(long)}`;
  const moved = `${symbol} ${move < 0 ? "fell" : "rose"} ${threeDigits(Math.abs(move))} % in ${durationText(look.hours.toUs - look.hours.fromUs)}`;
  // A candle is drawn around its time: the middle of its bar.
  const barStartUs = view.endUs.map((endUs) => endUs - MINUTE_US / 2);
  return {
    title: moved + words,
    what: "open, high, low and close of each minute as candles; amount traded; log returns of the close over 5 to 240 bars, %",
    alt: `Candles of ${symbol}'s minutes, below them bars of the amount traded and lines of log returns: the longer their lookback, the slower they turn.`,
    n: `${close.length} bars`,
    window: look.hours,
    panels: [
      {
        name: "open, high, low, close",
        axis: "price",
        series: [],
        candles: {
          barStartUs,
          barEndUs: view.endUs,
          open: view.of("open"),
          high: view.of("high"),
          low: view.of("low"),
          close,
          volume: view.of("volume"),
        },
      },
      {
        name: "volume",
        axis: "amount",
        hasZero: true,
        series: barBars(view, view.of("volume"), [{ name: "volume", colour: LIGHT.chance }]),
      },
      ...returnsPanel(view, returns),
    ],
  };
}

function returnsPanel(
  view: BarView,
  returns: readonly (typeof RETURNS)[number][],
): readonly PicturePanel[] {
  if (returns.length === 0) return [];
  const series = returns.map(({ bars, colour }) => {
    const values = view.of(`log_ret_${bars}`).map((value) => 100 * value);
    return barLine(view, values, { name: `log_ret_${bars}`, colour });
  });
  return [{ name: "log returns", axis: "%", hasZero: true, series }];
}
