// Are pictures drawn of whole data, and missing where it is?
import { expect, test } from "vitest";
import { isShortfall, type Shortfall, shortfallText } from "../../core/shortfall.js";
import { frameOf, sampleFrame } from "../features/test-frames.js";
import { calendarPicture } from "./calendar-picture.js";
import { imbalancePicture } from "./imbalance-picture.js";
import { type ImpactPicture, impactPicture } from "./impact-picture.js";
import { momentumPicture } from "./momentum-picture.js";
import { pricePicture } from "./price-picture.js";
import { regimePicture } from "./regime-picture.js";
import { spreadPicture } from "./spread-picture.js";
import { NO_TICKS, sampleLook } from "./test-look.js";
import { tradeFlowPicture } from "./trade-flow-picture.js";
import { trendPicture } from "./trend-picture.js";
import { volatilityPicture } from "./volatility-picture.js";
import { volumePicture } from "./volume-picture.js";
import { vwapPicture } from "./vwap-picture.js";

/** Numbers 0 to n − 1 through a function. */
const series = (n: number, of: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => of(i));

const PICTURES = {
  pricePicture,
  trendPicture,
  momentumPicture,
  volatilityPicture,
  regimePicture,
  volumePicture,
  calendarPicture,
  imbalancePicture,
  tradeFlowPicture,
  vwapPicture,
  spreadPicture,
  impactPicture,
} as const;

const named = Object.entries(PICTURES);

test.each(named)("%s of whole data is drawn, and its words hold numbers only", (_, picture) => {
  const found = picture(sampleLook());
  if (isShortfall(found)) throw new Error(shortfallText(found));
  for (const words of [found.title, found.what, found.alt, found.n]) {
    expect(words).not.toMatch(/NaN|undefined|Infinity|null/);
  }
});

test.each(named)(
  "%s passes a shortfall on, and makes one of a bar and of nothing but NaN",
  (_, picture) => {
    const missing: Shortfall = { kind: "shortfall", step: "x", what: "y", has: 0, needs: 1 };
    expect(picture(missing)).toBe(missing);
    const one = sampleLook(sampleFrame("BTCUSDT", 1));
    const frame = sampleFrame("BTCUSDT", 300);
    const nothing = {
      ...frame,
      mid: frame.mid.map(() => Number.NaN),
      columns: frame.columns.map((column) => column.map(() => Number.NaN)),
    };
    for (const look of [
      { ...one, ticks: NO_TICKS },
      { ...sampleLook(nothing), ticks: NO_TICKS },
    ]) {
      const found = picture(look);
      if (!isShortfall(found)) throw new Error(`there was a picture: ${found.title}`);
      expect(found.has).toBeLessThan(found.needs);
    }
  },
);

test("without a book, pictures of the book say that there is none, and impact is told by trades", () => {
  const frame = sampleFrame();
  const look = {
    ...sampleLook({ ...frame, mid: frame.mid.map(() => Number.NaN) }),
    ticks: NO_TICKS,
  };
  for (const picture of [imbalancePicture, spreadPicture]) {
    expect(picture(look)).toMatchObject({ what: "valid book states of BTCUSDT", has: 0 });
  }
  expect((impactPicture(look) as ImpactPicture).title).toMatch(
    /^Without a book, impact is told by trades/,
  );
});

test("a stretch that is too short to warm up says how long it would have to be", () => {
  const look = sampleLook(
    frameOf({ rsi_14: series(12, () => Number.NaN), close: series(12, (i) => 100 + i) }),
  );
  // rsi_14 warms up in 280 bars and the stochastic in fewer; two values make a line.
  const found = momentumPicture(look) as Shortfall;
  expect([found.what, found.has]).toEqual(["bars of BTCUSDT in a row", 12]);
  expect(found.needs).toBeLessThan(282);
  expect(found.needs).toBeGreaterThan(12);
});
