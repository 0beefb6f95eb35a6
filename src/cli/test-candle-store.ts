// A store of made-up candles for tests of commands.
import { rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { seededRandom } from "../core/random.js";
import { DAY_US, dateOf, dayStartUs, SECOND_US } from "../core/time.js";
import { type EndedCommand, runCommandLine } from "./test-output.js";

const FROM = "2024-01-01";

/** A folder with a store of one-minute candles of BTCUSD, as if Bitfinex had said them. */
export interface CandleStore {
  /** Root of the store. */
  readonly data: string;
  readonly run: (...argv: readonly string[]) => Promise<EndedCommand>;
  /** Trains on all that is stored; options replace those of the market. */
  readonly train: (...more: readonly string[]) => Promise<EndedCommand>;
  readonly remove: () => void;
}

/**
 * Stores days of minutes from 2024-01-01 on.
 *
 * @param minute - return and volume of a minute, of a normal draw
 */
export async function candleStore(
  days: number,
  minute: (normal: number) => { readonly change: number; readonly volume: number },
): Promise<CandleStore> {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-candle-store-"));
  const data = path.join(folder, "data");
  const run = (...argv: readonly string[]) => runCommandLine(...argv, "--data", data);
  const startUs = dayStartUs(FROM);
  const random = seededRandom(1, "bad data");
  let open = 100;
  let text = "time,low,high,open,close,volume\n";
  for (let i = 0; i < days * 1440; i++) {
    const { change, volume } = minute(random.normal());
    const close = open * Math.exp(change);
    const [low, high] = [Math.min(open, close) - 0.01, Math.max(open, close) + 0.01];
    text += `${[startUs / SECOND_US + 60 * i, low, high, open, close, volume].join(",")}\n`;
    open = close;
  }
  const file = path.join(folder, "candles.csv");
  writeFileSync(file, text);
  const span = ["--from", FROM, "--to", dateOf(startUs + days * DAY_US)];
  const asked = ["--product", "BTC", "--source", file, "--exchange", "bitfinex"];
  const { code, err } = await run("candles", ...asked, ...span);
  if (code !== 0) throw new Error(err);
  const market = ["--exchange", "bitfinex", "--symbols", "BTC", "--source", "candles", ...span];
  return {
    data,
    run,
    train: (...more) => {
      const others = market.filter((_, i) => !more.includes(market[i - (i % 2)]!));
      return run("train", ...others, ...more);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
