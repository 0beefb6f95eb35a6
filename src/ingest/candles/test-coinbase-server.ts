import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CandleRow } from "./candle-buffer.js";

/** A request as the fixture server saw it. */
export interface SeenRequest {
  readonly number: number;
  readonly product: string;
  readonly startS: number;
  readonly endS: number;
}

/** What happens instead of, or to, an answer: a whole reply, a change of the rows, or an end without one. */
export type Mischief =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  | { readonly rows: (rows: readonly (readonly unknown[])[]) => unknown }
  | "stall"
  | "drip"
  | "reset";

/** A server on this machine that answers as Coinbase's candles do. */
export interface CoinbaseServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Most requests that were under way at once. */
  readonly mostAtOnce: () => number;
  readonly close: () => Promise<void>;
}

/** How the server behaves. */
export interface CoinbaseServerOptions {
  /** Products and their candles by start of the minute, s. */
  readonly products: Readonly<Record<string, ReadonlyMap<number, CandleRow>>>;
  readonly mischief?: (request: SeenRequest) => Mischief | undefined;
  /** Whether the candle that starts at the asked end belongs to the answer. */
  readonly isEndInclusive?: boolean;
  /** Candles before the asked start that come as well. */
  readonly earlier?: number;
  /** What its clock shows; default the real time. */
  readonly date?: string;
}

/** Starts the server on a free port of the loopback interface. */
export async function startCoinbaseServer(options: CoinbaseServerOptions): Promise<CoinbaseServer> {
  const seen: SeenRequest[] = [];
  let atOnce = 0;
  let most = 0;
  const server = createServer((request, response) => {
    most = Math.max(most, ++atOnce);
    response.on("close", () => atOnce--);
    answer(request, response, { options, seen });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    mostAtOnce: () => most,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { options, seen }: { readonly options: CoinbaseServerOptions; readonly seen: SeenRequest[] },
): void {
  const url = new URL(request.url ?? "", "http://local");
  const product = /^\/products\/([^/]+)\/candles$/.exec(url.pathname)?.[1] ?? "";
  const [startS, endS] = ["start", "end"].map(
    (name) => Date.parse(url.searchParams.get(name) ?? "") / 1000,
  ) as [number, number];
  const asked = { number: seen.length, product: decodeURIComponent(product), startS, endS };
  seen.push(asked);
  response.setHeader("content-type", "application/json; charset=utf-8");
  if (options.date !== undefined) response.setHeader("date", options.date);
  const mischief = options.mischief?.(asked);
  if (mischief === "stall") return;
  const refusal = refusalOf(request, url, asked, options);
  if (mischief === "reset") response.destroy();
  else if (mischief === "drip") drip(response);
  else if (mischief !== undefined && "status" in mischief) {
    response.writeHead(mischief.status, mischief.headers).end(mischief.body ?? "");
  } else if (refusal !== undefined) {
    response.writeHead(refusal.status).end(JSON.stringify({ message: refusal.message }));
  } else {
    const rows = rowsOf(asked, options);
    response.end(JSON.stringify(mischief === undefined ? rows : mischief.rows(rows)));
  }
}

function refusalOf(
  request: IncomingMessage,
  url: URL,
  { product, startS, endS }: SeenRequest,
  { products }: CoinbaseServerOptions,
): { readonly status: number; readonly message: string } | undefined {
  if ((request.headers["user-agent"] ?? "") === "") {
    return { status: 400, message: "User-Agent header is required." };
  }
  if (products[product] === undefined) return { status: 404, message: "NotFound" };
  if (url.searchParams.get("granularity") !== "60") {
    return { status: 400, message: "Unsupported granularity" };
  }
  if (!(startS < endS)) return { status: 400, message: "start must be before end" };
  if ((endS - startS) / 60 + 1 > 300) {
    const what = "granularity too small for the requested time range.";
    return { status: 400, message: `${what} Count of aggregations requested exceeds 300` };
  }
  return undefined;
}

/** Newest first. */
function rowsOf(
  { product, startS, endS }: SeenRequest,
  { products, isEndInclusive = true, earlier = 0 }: CoinbaseServerOptions,
): readonly CandleRow[] {
  const candles = products[product]!;
  const rows: CandleRow[] = [];
  for (let timeS = isEndInclusive ? endS : endS - 60; timeS >= startS - 60 * earlier; timeS -= 60) {
    const row = candles.get(timeS);
    if (row !== undefined && rows.length < 300) rows.push(row);
  }
  return rows;
}

/** One byte at a time, for ever. */
function drip(response: ServerResponse): void {
  response.write("[");
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
}
