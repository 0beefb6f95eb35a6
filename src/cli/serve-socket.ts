// `tickbook serve DIR --socket`: an exchange on this machine that plays a mirror's days.
import { OptionError } from "../core/errors.js";
import { exchangeSymbols, SIMULATED_EXCHANGE } from "../core/symbols.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import { type ExchangeServer, startExchangeServer } from "../simulate/exchange/exchange-server.js";
import type { CommandContext, CommandResult } from "./command.js";
import { speedOption } from "./speed-option.js";

/** What is played. */
export interface SocketOptions {
  readonly exchange: string;
  readonly symbols: string;
  readonly from?: string;
  readonly to?: string;
  readonly speed: string;
}

/** The exchange whose raw minutes are played in its own words; days of a mirror are told in Coinbase's. */
const RAW_WORDS = "binance";

/**
 * Starts it.
 *
 * @param end - called when all of it was played to somebody
 */
export async function serveSocket(
  folder: string,
  port: number,
  { exchange, symbols, from, to, speed }: SocketOptions,
  { say }: Pick<CommandContext, "say">,
): Promise<{ readonly server: ExchangeServer; readonly result: CommandResult }> {
  if (from === undefined) {
    throw new OptionError({
      column: "--from",
      message: "was not given, and a market has to begin somewhere",
      fix: "give the first day, for example --from 2024-01-05",
    });
  }
  const server = await startExchangeServer({
    folder,
    exchange,
    protocol: exchange === RAW_WORDS ? "binance" : "coinbase",
    symbols: exchangeSymbols(exchange, symbols),
    from,
    to: to ?? dateOf(dayStartUs(from, "--from") + DAY_US),
    speed: speedOption(speed),
    port,
  });
  const url = `${server.url}?arrivals=true`;
  const live = `npx tickbook live --feed stream --exchange ${exchange} --from ${from} --url ${url}`;
  say(`${exchange} plays ${from} at ${url} to whoever connects, until Ctrl-C`);
  say(`follow it: ${live}`);
  return { server, result: { json: { url }, exitCode: 0 } };
}

/** Exchange of a mirror that the simulator wrote. */
export const DEFAULT_PLAYED: string = SIMULATED_EXCHANGE;
