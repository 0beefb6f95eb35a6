import { existsSync, realpathSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { canFilter, filterLines, parseFilters, type RawFilter } from "./raw-filter.js";
import { isAllowed, type ServerKeys } from "./server-keys.js";
import type { RouteTaker } from "./vendor-api.js";

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

/** A minute that inflates beyond this is served as it is. */
const LARGEST_MINUTE = 1 << 28;

const inflate = promisify(gunzip);
const deflate = promisify(gzip);

interface FeedQuery {
  readonly from?: string;
  readonly offset?: string;
  readonly filters?: string;
}

/**
 * Adds the vendor's raw feed: `GET /v1/data-feeds/{exchange}?from=…&offset=…&filters=…` gives the minute that begins
 * `offset` minutes after `from`, as gzip, from `raw/{exchange}/{yyyy}/{mm}/{dd}/{HH}/{MM}.json.gz` below the mirror. 400 for
 * what is no such request, 401 for a missing or wrong key, 404 for a minute that is not there.
 *
 * @param root - folder of the mirror
 */
export function addReplayFeed(app: RouteTaker, root: string, keys: ServerKeys): void {
  app.get("/v1/data-feeds/:exchange", async (request: FastifyRequest, reply: FastifyReply) => {
    const { exchange } = request.params as { readonly exchange: string };
    const query = request.query as FeedQuery;
    const refuse = (code: number, message: string): unknown =>
      reply.code(code).send({ code, message });
    const startMs = minuteOf(query);
    const filters = parseFilters(query.filters);
    if (!NAME.test(exchange) || !existsSync(path.join(root, "raw", exchange))) {
      return refuse(400, "There is no such exchange.");
    }
    if (startMs === undefined) {
      return refuse(400, "from must be a UTC date or time, offset a number of minutes.");
    }
    if (filters === undefined) {
      return refuse(400, 'filters must read [{"channel":"…","symbols":["…"]}].');
    }
    if (!/gzip|\*/.test(String(request.headers["accept-encoding"] ?? ""))) {
      return refuse(400, "Accept-Encoding must allow gzip.");
    }
    const instant = new Date(startMs).toISOString();
    if (!isAllowed(keys, request.headers.authorization, instant.slice(8, 10))) {
      return refuse(401, "The API key is missing or wrong.");
    }
    const file = minuteFile(root, exchange, instant);
    if (file === undefined) return refuse(404, "There is no such minute.");
    const bytes = await wantedPart(await readFile(file), exchange, filters);
    return reply
      .header("content-encoding", "gzip")
      .header("content-length", bytes.length)
      .type("application/x-json-stream")
      .send(bytes);
  });
}

/** Start of the asked minute; undefined when the question is none. */
function minuteOf({ from = "", offset = "0" }: FeedQuery): number | undefined {
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?Z?)?$/;
  if (typeof from !== "string" || !form.test(from)) return undefined;
  if (typeof offset !== "string" || !/^\d{1,9}$/.test(offset)) return undefined;
  const ms = Date.parse(from.includes("T") && !from.endsWith("Z") ? `${from}Z` : from);
  if (Number.isNaN(ms)) return undefined;
  return Math.floor(ms / 60_000 + Number(offset)) * 60_000;
}

/** The real file of a minute; nothing when it is absent, no plain file, or a link that leads out of the folder. */
function minuteFile(root: string, exchange: string, instant: string): string | undefined {
  const [date = "", time = ""] = instant.split("T");
  const steps = [...date.split("-"), time.slice(0, 2), `${time.slice(3, 5)}.json.gz`];
  const asked = path.join(root, "raw", exchange, ...steps);
  if (!existsSync(asked)) return undefined;
  const real = realpathSync(asked);
  return real.startsWith(root + path.sep) && statSync(real).isFile() ? real : undefined;
}

/** A minute that cannot be inflated is given as it is: its damage is for the client to find. */
async function wantedPart(
  bytes: Buffer,
  exchange: string,
  filters: readonly RawFilter[],
): Promise<Buffer> {
  if (filters.length === 0 || !canFilter(exchange)) return bytes;
  try {
    const text = await inflate(bytes, { maxOutputLength: LARGEST_MINUTE });
    return await deflate(filterLines(text, filters));
  } catch {
    return bytes;
  }
}
