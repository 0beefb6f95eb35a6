// One engine fed event by event: `node live-child.js SEED CLOSES`. Prints what the closing of a bar took, once all windows were
// full, from the event that closes it to the row of features.
import { quantile } from "../../core/statistics.js";
import { DAY_US, dayStartUs, MINUTE_US } from "../../core/time.js";
import { createFeatureEngine } from "../../features/engine.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { BOOK_DAY } from "../ingest/book-file.js";
import { madeMarket } from "./made-market.js";
import { OneByOne } from "./one-by-one.js";

/** What the process prints. */
export interface LiveWork {
  readonly closes: number;
  readonly events: number;
  /** Of all closes, µs. */
  readonly meanUs: number;
  readonly medianUs: number;
  readonly p99Us: number;
  readonly worstUs: number;
  /** Of all events, those that close a bar included, µs. */
  readonly eventMedianUs: number;
  readonly eventP99Us: number;
  /** Features that the last row has. */
  readonly features: number;
}

/** A month of volatilities of a day each. */
const QUIET_DAYS = 31;
/** After which the orders of a whole day are those of a busy market. */
const BUSY_BARS = 1440;

/** Little happens, so that a month is soon over. */
const QUIET = { orders: 0.5, pace: { mostRows: 3, messageUs: MINUTE_US / 2 } };
/** Two hundred orders a bar, and as many book states. */
const BUSY = { orders: 1, pace: { mostRows: 3, messageUs: MINUTE_US / 200 } };

function main([seedText, closesText]: readonly string[]): void {
  const seed = Number(seedText);
  const startUs = dayStartUs(BOOK_DAY.date);
  const busyUs = startUs + QUIET_DAYS * DAY_US;
  const measuredUs = busyUs + BUSY_BARS * MINUTE_US;
  const endUs = measuredUs + Number(closesText) * MINUTE_US;
  let last: FeatureRow | undefined;
  let rowAt = 0;
  const engine = createFeatureEngine((row) => {
    rowAt = performance.now();
    last = row;
  });
  const closeMs: number[] = [];
  const eventMs: number[] = [];
  const parts = [
    madeMarket({ ...QUIET, seed, startUs, endUs: busyUs }),
    madeMarket({ ...BUSY, seed: seed + 1, startUs: busyUs, endUs }),
  ];
  for (const part of parts) {
    for (const market of part) {
      const feed = new OneByOne(market, engine);
      for (let timeUs = feed.nextUs; timeUs < endUs; timeUs = feed.nextUs) {
        rowAt = 0;
        const begin = performance.now();
        feed.tell();
        const end = performance.now();
        if (timeUs < measuredUs) continue;
        eventMs.push(end - begin);
        if (rowAt > 0) closeMs.push(rowAt - begin);
      }
    }
  }
  const us = (values: readonly number[], level: number): number => 1000 * quantile(values, level);
  const work: LiveWork = {
    closes: closeMs.length,
    events: eventMs.length,
    meanUs: (1000 * closeMs.reduce((sum, x) => sum + x, 0)) / closeMs.length,
    medianUs: us(closeMs, 0.5),
    p99Us: us(closeMs, 0.99),
    worstUs: us(closeMs, 1),
    eventMedianUs: us(eventMs, 0.5),
    eventP99Us: us(eventMs, 0.99),
    features: last!.values.filter((value) => !Number.isNaN(value)).length,
  };
  process.stdout.write(`${JSON.stringify(work)}\n`);
}

main(process.argv.slice(2));
