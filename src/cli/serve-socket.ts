// `tickbook serve DIR --socket`: an exchange on this machine that plays a mirror's days.
import path from "node:path";
import { OptionError } from "../core/errors.js";
import { shellWord } from "../core/shell-word.js";
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

/** Exchanges whose runs understand what is played of them. */
const FOLLOWED: readonly string[] = [SIMULATED_EXCHANGE, "coinbase", RAW_WORDS];

/** Starts it; it plays to whoever connects. */
export async function serveSocket(
  folder: string,
  port: number,
  options: SocketOptions,
  { say, dataDir }: Pick<CommandContext, "say" | "dataDir">,
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
  say(`${exchange} plays ${from}${now ? " from now on" : ""} at ${url} until Ctrl-C`);
  say(followLine(options, { dataDir, from, url }));
  return { server, result: { json: { url }, exitCode: 0 } };
}

/** A command that follows it as it stands, from whatever folder of the workbench. */
function followLine(
  { exchange, symbols, now = false }: SocketOptions,
  { dataDir, from, url }: { readonly dataDir: string; readonly from: string; readonly url: string },
): string {
  if (!FOLLOWED.includes(exchange)) {
    return `no run can follow it: it speaks as Coinbase does, and a run on ${exchange} expects that exchange's own words`;
  }
  const words = [
    ...["--data", path.resolve(dataDir), "--feed", "stream", "--exchange", exchange],
    // A run asks for its model's symbols of itself, which need not be all that are played.
    ...(symbols === USUAL_SYMBOLS ? [] : ["--symbols", symbols]),
    ...(now ? [] : ["--from", from]),
    ...["--url", url],
  ];
  return `follow it: npx tickbook live ${words.map(shellWord).join(" ")}`;
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

/** Exchange of a mirror that the simulator wrote, and its symbols. */
export const DEFAULT_PLAYED: string = SIMULATED_EXCHANGE;
export const USUAL_SYMBOLS = "BTC,ETH,SOL";
