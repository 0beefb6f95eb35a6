import type { AddressInfo } from "node:net";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { OptionError } from "../../core/errors.js";
import {
  type AccessRules,
  isLoopback,
  isOwnName,
  isSame,
  requireSafeAccess,
  showsToken,
  tokenCookie,
} from "./access.js";
import { EventStream } from "./event-stream.js";
import { healthOf } from "./health.js";
import type { MonitorBoard } from "./monitor-board.js";
import { monitorPage, pagePolicy } from "./page/monitor-page.js";

/** A running monitor. */
export interface MonitorServer {
  /** Where it answers; the page is at `/`. */
  readonly url: string;
  /** Ends open connections and stops listening. */
  readonly close: () => Promise<void>;
}

/** Where to listen, whom to let in, how often to send. */
export interface MonitorServerOptions extends Partial<AccessRules> {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly everyMs?: number;
}

/** On every answer: nothing is cached, framed, sniffed, or read by a page from elsewhere. */
const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": pagePolicy(),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/**
 * Serves a board: the page at `/`, `/api/state`, `/api/events`, `/health` (503 where the run is unhealthy) and `/metrics`.
 * It answers reading requests only, and changes nothing.
 *
 * @throws {OptionError} others could reach it without a token, or its address is taken
 */
export async function startMonitorServer(
  board: MonitorBoard,
  { host = "127.0.0.1", port = 0, everyMs = 500, token }: MonitorServerOptions = {},
): Promise<MonitorServer> {
  requireSafeAccess(token === undefined ? { host } : { host, token });
  const app = fastify({ forceCloseConnections: true, requestTimeout: 10_000 });
  const stream = new EventStream(
    { snapshot: () => board.snapshot(), equity: () => board.equity() },
    { everyMs },
  );
  addGuards(app, { host, token });
  addRoutes(app, board, stream);
  const url = await listen(app, host, port);
  return {
    url,
    close: async () => {
      stream.close();
      await app.close();
    },
  };
}

/** What every request meets before anything else, also one for a path that is not there. */
function addGuards(
  app: FastifyInstance,
  { host, token }: { readonly host: string; readonly token: string | undefined },
): void {
  app.setNotFoundHandler((_, reply) => refuse(reply, 404, "There is nothing at this path."));
  app.setErrorHandler((error: { readonly statusCode?: number }, _, reply) => {
    const code = error.statusCode ?? 500;
    return refuse(reply, code, code < 500 ? "The request cannot be read." : "This failed.");
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(HEADERS);
    if (isLoopback(host) && !isOwnName(request.headers.host)) {
      return refuse(reply, 403, "This machine is 127.0.0.1 or localhost here.");
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      reply.header("allow", "GET, HEAD");
      return refuse(reply, 405, "Only GET and HEAD are answered.");
    }
    return token === undefined ? undefined : requireToken(request, reply, token);
  });
}

function requireToken(request: FastifyRequest, reply: FastifyReply, token: string): unknown {
  const port = request.socket.localPort ?? 0;
  const { token: given } = request.query as { readonly token?: unknown };
  // The token leaves the address bar, and with it the history and what is copied from there.
  if (typeof given === "string" && request.url.startsWith("/?") && isSame(given, token)) {
    return reply.header("set-cookie", tokenCookie(token, port)).redirect("/", 303);
  }
  if (showsToken(request.headers, token, port)) return undefined;
  reply.header("www-authenticate", 'Bearer realm="tickbook"');
  return refuse(reply, 401, "The token is missing or wrong; open /?token=… once.");
}

function addRoutes(app: FastifyInstance, board: MonitorBoard, stream: EventStream): void {
  app.get("/", (_, reply) => {
    return reply
      .type("text/html; charset=utf-8")
      .send(monitorPage(board.snapshot(), board.equity()));
  });
  app.get("/api/state", (_, reply) => reply.send({ ...board.snapshot(), equity: board.equity() }));
  app.get("/health", (_, reply) => {
    const health = healthOf(board.snapshot());
    return reply.code(health.status === "ok" ? 200 : 503).send(health);
  });
  app.get("/metrics", async (_, reply) => {
    const text = await board.metrics.text(board.snapshot());
    return reply.type(board.metrics.contentType).send(text);
  });
  app.get("/api/events", { exposeHeadRoute: false }, (_, reply) => {
    if (stream.isFull) return refuse(reply, 503, "Too many are listening.");
    reply.hijack();
    reply.raw.writeHead(200, { ...HEADERS, "content-type": "text/event-stream; charset=utf-8" });
    stream.add(reply.raw);
    return undefined;
  });
  app.head("/api/events", (_, reply) => reply.type("text/event-stream; charset=utf-8").send());
}

function refuse(reply: FastifyReply, code: number, message: string): FastifyReply {
  return reply.code(code).send({ code, message });
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ port, host });
  } catch (error) {
    throw new OptionError({
      column: "--port",
      message: `was ${port}, which cannot be listened on (${error instanceof Error ? error.message : String(error)})`,
      fix: "choose another, or 0 for any free one",
    });
  }
  const { port: chosen } = app.server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${chosen}`;
}
