import type { FastifyReply, FastifyRequest } from "fastify";
import { type MirrorExchange, mirrorIndex } from "./mirror-index.js";
import { isAllowed, type ServerKeys } from "./server-keys.js";

/** What of a server the routes below need. */
export interface RouteTaker {
  readonly get: (
    url: string,
    handler: (request: FastifyRequest, reply: FastifyReply) => unknown,
  ) => unknown;
}

/**
 * Adds what the vendor's API says of a key and of its exchanges, from what lies in the mirror: `GET /v1/api-key-info` (401
 * without a key), `/v1/exchanges` and `/v1/exchanges/{exchange}` (both open to all).
 *
 * @param root - folder of the mirror
 */
export function addVendorApi(app: RouteTaker, root: string, keys: ServerKeys): void {
  app.get("/v1/api-key-info", (request, reply) => {
    const { authorization } = request.headers;
    if (authorization === undefined || !isAllowed(keys, authorization)) {
      return reply.code(401).send({ code: 401, message: "The API key is missing or wrong." });
    }
    return mirrorIndex(root).map(({ exchange, from, to }) => ({
      exchange,
      accessType: "local",
      from: instant(from),
      to: instant(to),
      symbols: [],
      dataPlan: "mirror",
    }));
  });
  app.get("/v1/exchanges", () =>
    mirrorIndex(root).map(({ exchange, from }) => ({
      id: exchange,
      name: exchange,
      enabled: true,
      supportsDatasets: true,
      availableSince: instant(from),
    })),
  );
  app.get("/v1/exchanges/:exchange", (request, reply) => {
    const { exchange } = request.params as { readonly exchange: string };
    const found = mirrorIndex(root).find((one) => one.exchange === exchange);
    if (found !== undefined) return exchangeDetails(found);
    return reply.code(404).send({ code: 404, message: "There is no such exchange." });
  });
}

function exchangeDetails({ exchange, from, to, symbols }: MirrorExchange): object {
  const available = symbols.map((symbol) => ({
    id: symbol.id,
    type: "spot",
    availableSince: instant(symbol.from),
    availableTo: instant(symbol.to),
    dataTypes: symbol.types,
  }));
  return {
    id: exchange,
    name: exchange,
    enabled: true,
    supportsDatasets: true,
    availableSince: instant(from),
    availableChannels: [],
    availableSymbols: available.map(({ dataTypes: _, ...symbol }) => symbol),
    incidentReports: [],
    datasets: {
      formats: ["csv"],
      exportedFrom: instant(from),
      exportedUntil: instant(to),
      symbols: available,
    },
  };
}

/** Start of a day as the vendor writes it. */
function instant(date: string): string {
  return `${date}T00:00:00.000Z`;
}
