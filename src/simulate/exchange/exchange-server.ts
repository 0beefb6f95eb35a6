import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { OptionError } from "../../core/errors.js";
import { binanceProtocol } from "./binance-protocol.js";
import { coinbaseProtocol } from "./coinbase-protocol.js";
import { ExchangeClient } from "./exchange-client.js";
import type { ExchangeFault } from "./faults.js";
import { MarketPump } from "./market-pump.js";
import { mirrorRecording } from "./mirror-recording.js";
import type { ExchangeProtocol } from "./protocol.js";
import { rawRecording } from "./raw-recording.js";
import type { Recording } from "./recorded-message.js";

/** What to play, and how. */
export interface ExchangeOptions {
  /** A dataset mirror for `coinbase`, raw minutes for `binance`. */
  readonly folder: string;
  /** Folder of the exchange in it, for example `simulated`. */
  readonly exchange: string;
  /** Whose words are spoken: the vendor's client is pointed here under this exchange's name. */
  readonly protocol: "coinbase" | "binance";
  /** Symbols of a mirror, as its files are called. */
  readonly symbols: readonly string[];
  /** First day of a mirror, or first minute (`2024-08-08T23:54`); inclusive. */
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  /** Market time by the machine's; Infinity, the default, for as fast as the clients take it. */
  readonly speed?: number;
  /** Market time to begin at, µs; books are made from what comes before. */
  readonly startUs?: number;
  readonly faults?: readonly ExchangeFault[];
  /** Called before each message that goes to a client, for whoever times what comes of it. */
  readonly onSend?: (localUs: number) => void;
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

/** A running exchange. */
export interface ExchangeServer {
  /** Where its socket is: `ws://127.0.0.1:PORT/stream`; with `?arrivals=true` messages carry their recorded times. */
  readonly url: string;
  /** Base of its REST paths. */
  readonly restUrl: string;
  /** Messages sent so far. */
  readonly sentMessages: number;
  /** Clients that are connected. */
  readonly clients: number;
  /** Resolves when the recording is over; rejects when it cannot be read on. Ends also with `close`. */
  readonly ended: Promise<void>;
  /** Cuts all connections and stops listening. */
  readonly close: () => Promise<void>;
}

/** Bytes that a client may send at once. */
const MOST_CLIENT_BYTES = 1 << 16;

/**
 * Starts an exchange on this machine, for no other: it plays a recorded or simulated market to clients that speak an
 * exchange's own protocol. A message that carries its arrival has a field `arrivalUs` before its own, and whole books come
 * over the socket then, where they were recorded.
 *
 * @throws {OptionError} there is nothing of that to play, or the port is taken
 */
export async function startExchangeServer(options: ExchangeOptions): Promise<ExchangeServer> {
  const { speed = Number.POSITIVE_INFINITY, startUs = Number.NEGATIVE_INFINITY } = options;
  if (!(speed > 0)) {
    throw new OptionError({
      column: "speed",
      message: `was ${speed}, expected a number above 0`,
      fix: "give 1 for the market's own pace",
    });
  }
  const { recording, protocol } = openMarket(options);
  const pump = new MarketPump({
    recording,
    protocol,
    speed,
    startUs,
    faults: options.faults ?? [],
    ...(options.onSend === undefined ? {} : { onSend: options.onSend }),
  });
  const http = createServer((request, response) => {
    const url = addressOf(request);
    if (url === undefined) response.writeHead(400).end();
    else void answer(pump, protocol, { url, response });
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_CLIENT_BYTES });
  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = addressOf(request);
    if (pump.isRefusing || url === undefined) {
      socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      const hasArrivals = url.searchParams.has("arrivals");
      const client = new ExchangeClient(connection, { hasArrivals });
      pump.clients.add(client);
      connection.on("message", (data) => {
        const { answers, topics } = protocol.request(String(data), client);
        for (const text of answers) client.sendText(text);
        if (topics.length > 0) pump.subscribe(client, topics);
      });
      connection.on("error", () => undefined);
      connection.on("close", () => pump.clients.delete(client));
    });
  });
  const port = await listen(http, options.port ?? 0);
  const ended = pump.run();
  // Whoever does not ask need not know.
  ended.catch(() => undefined);
  return {
    url: `ws://127.0.0.1:${port}/stream`,
    restUrl: `http://127.0.0.1:${port}/api/v1`,
    ended,
    get sentMessages() {
      return pump.sentMessages;
    },
    get clients() {
      return pump.clients.size;
    },
    close: async () => {
      pump.stop();
      pump.dropAll();
      sockets.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
      });
      await ended.catch(() => undefined);
    },
  };
}

function openMarket({ protocol, folder, exchange, symbols, from, to }: ExchangeOptions): {
  readonly recording: Recording;
  readonly protocol: ExchangeProtocol;
} {
  if (protocol === "binance") {
    const recording = rawRecording({ folder, exchange, from, to });
    return { recording, protocol: binanceProtocol() };
  }
  const recording = mirrorRecording({ folder, exchange, symbols, from, to });
  return { recording, protocol: coinbaseProtocol(symbols) };
}

/** Where a request goes; undefined when that is no address. */
function addressOf({ url = "/" }: IncomingMessage): URL | undefined {
  const [base, text] = ["http://127.0.0.1", url.replace(/^\/+/, "/")];
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}

async function answer(
  pump: MarketPump,
  protocol: ExchangeProtocol,
  { url, response }: { readonly url: URL; readonly response: ServerResponse },
): Promise<void> {
  for (;;) {
    const found = protocol.rest(url);
    if (found !== undefined) {
      response.writeHead(found.status, found.headers).end(found.body);
      return;
    }
    await pump.changed();
    if (response.destroyed) return;
  }
}

async function listen(http: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once("error", (error) => {
      reject(
        new OptionError({
          column: "port",
          message: `was ${port}, which cannot be listened on (${error.message})`,
          fix: "choose another, or 0 for any free one",
        }),
      );
    });
    http.listen(port, "127.0.0.1", () => resolve());
  });
  return (http.address() as AddressInfo).port;
}
