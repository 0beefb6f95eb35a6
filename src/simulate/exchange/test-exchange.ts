// For tests only: small markets made by hand, and a plain client.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { WebSocket } from "ws";
import { dayStartUs } from "../../core/time.js";
import {
  type ExchangeOptions,
  type ExchangeServer,
  startExchangeServer,
} from "./exchange-server.js";

/** The day of the markets made by hand. */
export const DATE = "2024-03-01";

/** µs of that day. */
export function at(us: number): number {
  return dayStartUs(DATE) + us;
}

const open = new Set<{ readonly close: () => unknown }>();

/** Ends what a test has started. */
export async function cleanUp(): Promise<void> {
  const all = [...open];
  open.clear();
  for (const one of all.reverse()) await one.close();
}

/** Has something closed at the test's end. */
export function closing<Closable extends { readonly close: () => unknown }>(
  one: Closable,
): Closable {
  open.add(one);
  return one;
}

/** A fresh folder. */
export function freshFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "tickbook-exchange-"));
  closing({ close: () => rmSync(folder, { recursive: true, force: true }) });
  return folder;
}

/** Writes a gzip of lines. */
export function putLines(folder: string, file: string, lines: readonly string[]): void {
  const full = path.join(folder, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, gzipSync(lines.map((line) => `${line}\n`).join("")));
}

/** Names of the cells after the times. */
export const HEADERS: Readonly<Record<string, string>> = {
  trades: "id,side,price,amount",
  incremental_book_L2: "is_snapshot,side,price,amount",
};

/** Writes a file of a mirror; a row is `µs of arrival, the other cells`, and the exchange was 7 µs earlier. */
export function putRows(
  folder: string,
  type: "trades" | "incremental_book_L2",
  symbol: string,
  rows: readonly (readonly [number, string])[],
): void {
  const lines = rows.map(([us, cells]) => `hand,${symbol},${at(us) - 7},${at(us)},${cells}`);
  const header = `exchange,symbol,timestamp,local_timestamp,${HEADERS[type]}`;
  putLines(folder, `hand/${type}/2024/03/01/${symbol}.csv.gz`, [header, ...lines]);
}

/** A line of a raw minute. */
export function rawLine(us: number, stream: string, data: object): string {
  const whole = new Date(at(us) / 1000).toISOString().slice(0, 19);
  const micros = String(at(us) % 1e6).padStart(6, "0");
  return `${whole}.${micros}0Z ${JSON.stringify({ stream, data })}`;
}

/** Starts a server that is closed at the test's end. */
export async function serve(
  options: Omit<ExchangeOptions, "exchange" | "from" | "to"> & Partial<ExchangeOptions>,
): Promise<ExchangeServer> {
  const day = { exchange: "hand", from: DATE, to: "2024-03-02" };
  return closing(await startExchangeServer({ ...day, ...options }));
}

/** A client that keeps what it gets. */
export interface PlainClient {
  readonly texts: readonly string[];
  readonly socket: WebSocket;
  /** Waits until so many messages came. */
  readonly received: (count: number) => Promise<readonly string[]>;
  readonly closed: Promise<void>;
  readonly close: () => void;
}

/** Connects and sends messages. */
export async function connect(url: string, ...requests: readonly object[]): Promise<PlainClient> {
  const socket = new WebSocket(url);
  const texts: string[] = [];
  let look = (): void => undefined;
  socket.on("message", (data) => {
    texts.push(String(data));
    look();
  });
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    socket.on("open", () => resolve());
    socket.on("error", reject);
  });
  for (const request of requests) socket.send(JSON.stringify(request));
  const received = async (count: number): Promise<readonly string[]> => {
    await new Promise<void>((resolve) => {
      look = () => {
        if (texts.length >= count) resolve();
      };
      look();
    });
    return texts;
  };
  return closing({ texts, socket, received, closed, close: () => socket.terminate() });
}
