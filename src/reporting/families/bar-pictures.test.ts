// Do pictures of bars say what their data says?
import { expect, test } from "vitest";
import { isShortfall, type Shortfall, shortfallText } from "../../core/shortfall.js";
import { DAY_US } from "../../core/time.js";
import { COINS } from "../../market/contract.js";
import { FRAME_START_US, frameOf } from "../features/test-frames.js";
import { calendarPicture } from "./calendar-picture.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import { momentumPicture } from "./momentum-picture.js";
import { pricePicture } from "./price-picture.js";
import { regimePicture } from "./regime-picture.js";
import { NO_TICKS, rowsOf } from "./test-look.js";
import { trendPicture } from "./trend-picture.js";
import { volatilityPicture } from "./volatility-picture.js";
import { volumePicture } from "./volume-picture.js";
import { vwapPicture } from "./vwap-picture.js";

/** Numbers 0 to n − 1 through a function. */
const series = (n: number, of: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => of(i));

test("prices: how far they went, and how often short and long returns changed sign", () => {
  const found = drawn(pricePicture, {
    open: series(100, (i) => 100 + i),
    high: series(100, (i) => 101 + i),
    low: series(100, (i) => 99 + i),
    close: series(100, (i) => 100 + i),
    volume: series(100, () => 1),
    log_ret_5: series(100, (i) => (i % 10 < 5 ? 1 : -1)),
    log_ret_60: series(100, (i) => (i < 50 ? 1 : -1)),
  });
  expect(found.title).toBe(
    "BTCUSDT rose 99 % in 100 min: its return over 5 bars changed sign 19 times, over 60 bars once",
  );
  expect(found.panels.map(({ name }) => name)).toEqual([
    "open, high, low, close",
    "volume",
    "log returns",
  ]);
});

test("trend: the averages that the features tell, and where they cross", () => {
  const close = series(100, () => 100);
  const fast = series(100, (i) => (i < 40 ? 101 : 99));
  const found = drawn(trendPicture, {
    close,
    ema_ratio_12: fast.map((average) => 100 / average - 1),
    ema_ratio_26: close.map(() => 0),
  });
  expect(found.title).toBe(
    "EMA 12 of BTCUSDT crossed EMA 26 once and stood above it in 40 % of these minutes",
  );
  const drawnFast = found.panels[0]!.series.find(({ name }) => name === "EMA 12")!.values;
  for (const [i, value] of drawnFast.entries()) expect(value).toBeCloseTo(fast[i]!, 9);
});

test("momentum: how often strength agrees with the move, and where in its range the close stands", () => {
  const found = drawn(momentumPicture, {
    high: series(100, (i) => 101 + i),
    low: series(100, (i) => 99 + i),
    close: series(100, (i) => 100 + i),
    // Against the move in one bar of four: in 21 of the 86 that look back far enough.
    rsi_14: series(100, (i) => (i % 4 === 0 ? -0.5 : 0.5)),
    stoch_k_14: series(100, (i) => (i < 90 ? 0.9 : 0.1)),
  });
  expect(found.title).toBe(
    "RSI of BTCUSDT has the sign of the last 14 bars' move in 76 % of these minutes; the close is in the top fifth of its range in 90 %, in the bottom fifth in 10 %",
  );
  const [band] = found.panels[0]!.series;
  expect([band!.lower![50], band!.values[50]]).toEqual([99 + 37, 101 + 50]);
  expect(band!.values[12]).toBeNaN();
});

test("volatility: the band is put together again from where in it the close stands and how wide it is", () => {
  const n = 100;
  const middle = series(n, (i) => 100 + i / 10);
  const half = series(n, (i) => 1 + (i % 5) / 10);
  const close = series(n, (i) => middle[i]! + (i % 10 === 0 ? 1.5 : 0.25) * half[i]!);
  const found = drawn(volatilityPicture, {
    close,
    bb_pctb_20: close.map((price, i) => (price - middle[i]! + half[i]!) / (2 * half[i]!)),
    bb_width_20: half.map((value, i) => (2 * value) / middle[i]!),
    realized_vol_60: series(n, (i) => (1e-4 * (i + 1) * Math.sqrt(60)) / n),
  });
  expect(found.title).toBe(
    "A minute of BTCUSDT swung between 0.01 and 1 bps; 10 of 100 closes lie outside of two deviations",
  );
  const [band] = found.panels[0]!.series;
  for (let i = 0; i < n; i++) {
    expect(band!.values[i]).toBeCloseTo(middle[i]! + half[i]!, 9);
    expect(band!.lower![i]).toBeCloseTo(middle[i]! - half[i]!, 9);
  }
});

test("regime: shares of the time that each was in force, where one is known", () => {
  const of = (k: number): Float64Array =>
    series(100, (i) => (i < 20 ? Number.NaN : Number((i < 60 ? 0 : i < 80 ? 1 : 2) === k)));
  const found = drawn(regimePicture, {
    close: series(100, () => 1),
    vol_regime_low: of(0),
    vol_regime_normal: of(1),
    vol_regime_high: of(2),
  });
  expect(found.title).toContain("50 % of BTCUSDT's time was calm, 25 % usual and 25 % wild");
  expect(found.n).toBe("80 bars of a known regime");
});

test("volume: the busiest and the quietest minute against the hour before them", () => {
  const ratio = (times: number): number => Math.log((times + 0.01) / 1.01);
  const found = drawn(volumePicture, {
    volume: series(100, (i) => (i === 70 ? 5 : i === 80 ? 0 : 1)),
    volume_ratio_60: series(100, (i) => ratio(i === 70 ? 5 : i === 80 ? 0 : 1)),
  });
  expect(found.title).toBe(
    "The busiest of these minutes of BTCUSDT traded 5 times the mean of the hour before it, the quietest nothing",
  );
  const usual = found.panels[0]!.series[1]!.values;
  expect(usual[59]).toBeNaN();
  expect([usual[60], usual[71]]).toEqual([1, 64 / 60]);
});

test("calendar: the busiest and the calmest half hour, over all days", () => {
  const slot = (i: number): number => Math.floor(i / 30) % 48;
  const volume = series(2 * 1440, (i) => (slot(i) === 29 ? 6 : slot(i) === 4 ? 2 : 3));
  const hours = series(2 * 1440, (i) => Math.sin((2 * Math.PI * (i + 1)) / 1440));
  const found = drawn(calendarPicture, { volume, hour_sin: hours, hour_cos: hours });
  expect(found.title).toBe(
    "BTCUSDT trades most in the half hour from 14:30 on, 3 times as much as from 02:00 on",
  );
  // The last day is drawn.
  expect(found.window.fromUs).toBe(FRAME_START_US + DAY_US);
  const few = drawn(calendarPicture, { volume: volume.slice(0, 60), hour_sin: hours.slice(0, 60) });
  expect(few.title).toContain("covers 2 of 48 half hours");
});

test("vwap: how often the close stood above the longest average there is, and how far at most", () => {
  const found = drawn(vwapPicture, {
    close: series(100, () => 102),
    vwap_dev_bar: series(100, () => 0),
    vwap_dev_session: series(100, (i) => (i < 75 ? 200 : -50)),
  });
  expect(found.title).toBe(
    "BTCUSDT closed above the day's VWAP in 75 % of these minutes, and never farther from it than 200 bps",
  );
  const vwap = found.panels[0]!.series.find(({ name }) => name === "VWAP of the day")!.values;
  expect(vwap[0]).toBeCloseTo(100, 9);
});

/** The picture of a look at all of some columns; all of them are shown. */
function drawn(
  picture: (look: FeatureLook) => FamilyPicture | Shortfall,
  columns: Readonly<Record<string, ArrayLike<number>>>,
): FamilyPicture {
  const frame = frameOf(columns);
  const rows = rowsOf(frame, 0, frame.barEndUs.length);
  const found = picture({ frame, contract: COINS, hours: rows, minutes: rows, ticks: NO_TICKS });
  if (isShortfall(found)) throw new Error(shortfallText(found));
  return found;
}
