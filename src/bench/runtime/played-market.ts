import { DAY_US, dateOf, dayStartUs } from "../../core/time.js";
import type { ExchangeOptions } from "../../simulate/exchange/exchange-server.js";
import { WORDS } from "./drive-run.js";
import type { LiveStore } from "./live-store.js";

/** The replayed days as an exchange plays them. */
export function playedMarket({ mirror, exchange, symbols, days }: LiveStore): ExchangeOptions {
  const to = dateOf(dayStartUs(days.at(-1)!) + DAY_US);
  return { folder: mirror, exchange, symbols, from: days[0]!, to, protocol: WORDS };
}
