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
  /** Plays today's market from this moment on, as an exchange would. */
  readonly now?: boolean;
}

/** The exchange whose raw minutes are played in its own words; days of a mirror are told in Coinbase's. */
const RAW_WORDS = "binance";

/** Starts it; it plays to whoever connects. */
export async function serveSocket(
  folder: string,
  port: number,
  options: SocketOptions,
  { say }: Pick<CommandContext, "say">,
): Promise<{ readonly server: ExchangeServer; readonly result: CommandResult }> {
  const { exchange, symbols, speed, now = false } = options;
  const from = firstDay(options);
  const server = await startExchangeServer({
    folder,
    exchange,
    protocol: exchange === RAW_WORDS ? "binance" : "coinbase",
    symbols: exchangeSymbols(exchange, symbols),
    from,
    to: options.to ?? dateOf(dayStartUs(from, "--from") + DAY_US),
    speed: now ? 1 : speedOption(speed),
    port,
    ...(now ? { startUs: 1000 * Date.now() } : {}),
  });
  // A recording tells with each message when it arrived then; what plays now arrives when it comes.
  const url = now ? server.url : `${server.url}?arrivals=true`;
  const begin = now ? "" : ` --from ${from}`;
  say(`${exchange} plays ${from}${now ? " from now on" : ""} at ${url} until Ctrl-C`);
  say(`follow it: npx tickbook live --feed stream --exchange ${exchange}${begin} --url "${url}"`);
  return { server, result: { json: { url }, exitCode: 0 } };
}

function firstDay({ from, now = false }: SocketOptions): string {
  if (now) return dateOf(1000 * Date.now());
  if (from !== undefined) return from;
  throw new OptionError({
    column: "--from",
    message: "was not given, and a market has to begin somewhere",
    fix: "give the first day, for example --from 2024-01-05, or --now for today's from now on",
  });
}

/** Exchange of a mirror that the simulator wrote. */
export const DEFAULT_PLAYED: string = SIMULATED_EXCHANGE;
