import {
  createReadStream,
  existsSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fastify } from "fastify";
import { generate } from "selfsigned";
import { OptionError } from "../core/errors.js";
import { DAY_US, dateOf } from "../core/time.js";
import { addReplayFeed } from "./replay-server.js";
import { isAllowed, type ServerKeys } from "./server-keys.js";
import { addVendorApi } from "./vendor-api.js";

/** A running dataset server. */
export interface DatasetServer {
  /** Where it answers, without a path: `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** PEM file of its certificate, for clients to trust; gone after `close`. */
  readonly certificate: string;
  /** Ends open connections, stops listening and removes the certificate. */
  readonly close: () => Promise<void>;
}

/** Names that may stand in a path; none begins with a dot. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const FILE_ENDING = ".csv.gz";
const CERTIFICATE_DAYS = 30;

/**
 * Starts a server on this machine that answers as the vendor's dataset server does:
 * `GET /v1/{exchange}/{type}/{yyyy}/{mm}/{dd}/{SYMBOL}.csv.gz` over https, 404 for what is not there, 400 for what is no
 * such path, 401 for a missing or wrong key; its API as `addVendorApi` says; its raw feed as `addReplayFeed` says. Nothing
 * outside the folder is ever served.
 *
 * @param dir - root of a mirror
 * @param options.port - 0 takes a free one
 * @param options - and whom it lets in; default: everybody
 * @throws {OptionError} the folder is missing or the port is taken
 */
export async function startDatasetServer(
  dir: string,
  { port = 0, ...keys }: { readonly port?: number } & ServerKeys = {},
): Promise<DatasetServer> {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) {
    throw new OptionError({
      column: "DIR",
      message: `was "${dir}", which is not a folder`,
      fix: "write one with `npx tickbook simulate DIR`",
    });
  }
  const root = realpathSync(dir);
  const pems = await generate([{ name: "commonName", value: "localhost" }], {
    algorithm: "sha256",
    keySize: 2048,
    notAfterDate: new Date(Date.now() + (CERTIFICATE_DAYS * DAY_US) / 1000),
  });
  const app = fastify({
    https: { key: pems.private, cert: pems.cert },
    forceCloseConnections: true,
    exposeHeadRoutes: false,
  });
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).send({ code: 404, message: "There is nothing at this path." }),
  );
  app.route<{ Params: PathParts }>({
    method: ["GET", "HEAD"],
    url: "/v1/:exchange/:type/:year/:month/:day/:file",
    handler: (request, reply) => {
      if (!isAllowed(keys, request.headers.authorization, request.params.day)) {
        return reply.code(401).send({ code: 401, message: "The API key is missing or wrong." });
      }
      if (!isDatasetPath(request.params)) {
        return reply.code(400).send({
          code: 400,
          message: `The path must read /v1/{exchange}/{type}/yyyy/mm/dd/{SYMBOL}${FILE_ENDING}.`,
        });
      }
      const file = fileBelow(root, request.params);
      if (file === undefined) {
        return reply.code(404).send({ code: 404, message: "There is no such dataset file." });
      }
      reply.header("content-length", statSync(file).size).type("application/gzip");
      return reply.send(request.method === "HEAD" ? undefined : createReadStream(file));
    },
  });
  addVendorApi(app, root, keys);
  addReplayFeed(app, root, keys);
  const url = await listen(app, port);
  const folder = mkdtempSync(path.join(tmpdir(), "tickbook-server-"));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  // Also when the process ends without closing the server.
  process.once("exit", removeFolder);
  const certificate = path.join(folder, "certificate.pem");
  writeFileSync(certificate, pems.cert);
  let ended: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await app.close();
    process.off("exit", removeFolder);
    removeFolder();
  };
  return {
    url,
    certificate,
    close: () => {
      ended ??= end();
      return ended;
    },
  };
}

interface PathParts {
  readonly exchange: string;
  readonly type: string;
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly file: string;
}

function isDatasetPath({ exchange, type, year, month, day, file }: PathParts): boolean {
  if (![exchange, type, file].every((name) => NAME.test(name))) return false;
  if (!file.endsWith(FILE_ENDING) || file === FILE_ENDING) return false;
  const date = `${year}-${month}-${day}`;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return false;
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && dateOf(ms * 1000) === date;
}

/** The real file of a path; nothing when it is absent, no plain file, or a link that leads out of the folder. */
function fileBelow(root: string, parts: PathParts): string | undefined {
  const { exchange, type, year, month, day, file } = parts;
  const asked = path.join(root, exchange, type, year, month, day, file);
  if (!existsSync(asked)) return undefined;
  const real = realpathSync(asked);
  const isInside = real.startsWith(root + path.sep);
  return isInside && statSync(real).isFile() ? real : undefined;
}

async function listen(
  app: { readonly listen: (at: { port: number; host: string }) => Promise<string> },
  port: number,
): Promise<string> {
  try {
    return await app.listen({ port, host: "127.0.0.1" });
  } catch (error) {
    throw new OptionError({
      column: "--port",
      message: `was ${port}, which cannot be listened on (${error instanceof Error ? error.message : String(error)})`,
      fix: "choose another, or 0 for any free one",
    });
  }
}
