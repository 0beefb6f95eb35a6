import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { seededRandom } from "../core/random.js";
import { ingest } from "../ingest/ingest.js";
import { keyAccess } from "../ingest/key-access.js";
import { openSource } from "../ingest/open-source.js";
import { vendorPath } from "../ingest/vendor-path.js";
import { query } from "../store/query.js";
import { openStore } from "../store/store.js";
import { type Answer, type FaultyServer, wholeFile } from "./faulty-server.js";
import { PASSING_FAULTS } from "./network-faults.js";
import { runCommand } from "./run-command.js";
import { putFile, SAMPLE_KEY, sampleLines, textOf } from "./sample-files.js";

/** Something that is done with keys in the environment; what it said, errors with all they carry included. */
export interface KeyDeed {
  readonly name: string;
  readonly run: () => Promise<string>;
}

/** Where deeds are done. */
export interface KeyScene {
  readonly server: FaultyServer;
  /** Another host, which redirects lead to. */
  readonly elsewhere: FaultyServer;
  readonly folder: string;
  readonly vendorKey: string;
  readonly isFull: boolean;
}

/** Folder of the reports of a full campaign. */
export const REPORTS = "reports";

const LIMITS = { firstWaitMs: 1, stallMs: 200, paceWindowMs: 200, triesPerFile: 2 } as const;

/** Servers that say back what they were sent, in every part of an answer. */
const ECHOES: Readonly<Record<string, (elsewhere: string) => Answer>> = {
  "the file": () => wholeFile,
  ...Object.fromEntries(
    [400, 401, 403, 404, 429, 500].map((code) => [
      `${code} with the key in its text`,
      () => echo(code, {}),
    ]),
  ),
  "200 with the key in a page": () => echo(200, { "content-type": "text/html" }),
  "200 with the key in JSON": () => echo(200, { "content-type": "application/json" }),
  "401 with the key in its status and headers": () => (request, response) => {
    const key = String(request.headers.authorization);
    response.writeHead(401, key, { "www-authenticate": key, "x-key": key }).end(key);
  },
  "a redirect elsewhere with the key in the address": (elsewhere) => (request, response) => {
    const key = encodeURIComponent(String(request.headers.authorization));
    response.writeHead(302, { location: `${elsewhere}/v1/${key}?key=${key}` }).end();
  },
  "a redirect to http with the key in the address": () => (request, response) => {
    const key = encodeURIComponent(String(request.headers.authorization));
    response.writeHead(302, { location: `http://127.0.0.1:9/${key}` }).end();
  },
};

/** Everything that handles keys, or runs where they are. */
export function keyDeeds(scene: KeyScene): readonly KeyDeed[] {
  const { server, elsewhere, vendorKey, isFull } = scene;
  const quick = PASSING_FAULTS.filter(({ askedWaitMs }) => askedWaitMs === undefined);
  const faults = isFull ? quick : quick.filter((_, i) => i % 7 === 0);
  const random = seededRandom(1, "key deeds");
  const answers: readonly (readonly [string, Answer])[] = [
    ...Object.entries(ECHOES).map(([name, make]) => [name, make(elsewhere.url)] as const),
    ...faults.map(({ name, answer }) => [name, answer(random)] as const),
  ];
  return [
    ...answers.flatMap(([name, answer]) => [
      deed(`an ingest from a server that gives ${name}`, async () => {
        server.answerWith(() => answer);
        return fromServer(scene);
      }),
      deed(`asking what the key opens of a server that gives ${name}`, async () => {
        server.answerWith(() => answer);
        const { certificate } = server;
        return keyAccess(vendorKey, { endpoint: `${server.url}/v1`, certificate, ...LIMITS });
      }),
    ]),
    ...commandDeeds(scene),
  ];
}

async function fromServer({ server, folder }: KeyScene): Promise<unknown> {
  const store = await openStore(path.join(folder, "from-server", randomUUID()));
  const source = await openSource(server.url, { certificate: server.certificate, ...LIMITS });
  try {
    const { exchange, symbol, type, date } = SAMPLE_KEY;
    const request = { exchange, symbols: [symbol], types: [type], days: [date], jobs: 1 };
    const files = await ingest(store, source, request);
    // Parquet is compressed: what it holds has to be read.
    return [source.name, files, (await query(store, "SELECT * FROM trades")).rows];
  } finally {
    source.close();
    await store.close();
  }
}

/** Command lines, as a user types them. */
function commandDeeds(scene: KeyScene): readonly KeyDeed[] {
  const { server, folder, vendorKey, isFull } = scene;
  const mirror = path.join(folder, "mirror");
  const data = ["--data", path.join(folder, "store")];
  const { exchange, symbol, date } = SAMPLE_KEY;
  const which = ["--exchange", exchange, "--symbols", symbol, "--from", date];
  const secure = ["--source", server.url, "--certificate", server.certificate];
  const put = async (bytes: Buffer): Promise<void> => {
    await mkdir(mirror, { recursive: true });
    await putFile(mirror, SAMPLE_KEY, bytes);
    server.answerWith(() => wholeFile);
  };
  const good = gzipSync(
    textOf(sampleLines({ ...SAMPLE_KEY, type: "trades" }, { rows: 90, seed: 1 })),
  );
  const command = (name: string, argv: readonly string[], bytes: Buffer = good): KeyDeed =>
    deed(name, async () => {
      await put(bytes);
      return runCommand([...argv, ...data]);
    });
  const withBrokenKey = (key: string): KeyDeed =>
    deed("a key with a character that no key has", async () => {
      const before = process.env["TARDIS_API_KEY"];
      process.env["TARDIS_API_KEY"] = key;
      try {
        return await runCommand(["ingest", "--source", "tardis", ...which, ...data]);
      } finally {
        process.env["TARDIS_API_KEY"] = before;
      }
    });
  return [
    command("ingest", ["ingest", "--source", mirror, ...which]),
    command("ingest --json", ["ingest", "--source", mirror, ...which, "--json", "--verify"]),
    command("ingest --dry-run", ["ingest", ...secure, ...which, "--dry-run"]),
    command("ingest from a server", ["ingest", ...secure, ...which, "--verify"]),
    command(
      "ingest of a damaged file",
      ["ingest", "--source", mirror, ...which],
      good.subarray(0, 99),
    ),
    command("ingest of an unknown exchange", [
      "ingest",
      "--source",
      "tardis",
      ...which,
      "--exchange",
      "no",
    ]),
    command("ingest from an address with a user", [
      ...[
        "ingest",
        "--source",
        `https://user:${encodeURIComponent(vendorKey)}@127.0.0.1:1`,
        ...which,
      ],
    ]),
    withBrokenKey(`${vendorKey}\n`),
    withBrokenKey(`${vendorKey}ü`),
    command("sql", ["sql", "SELECT * FROM trades", "--json"]),
    command("sql that asks for the environment", ["sql", "SELECT getenv('TARDIS_API_KEY')"]),
    command("sql that asks for settings", ["sql", "SELECT * FROM duckdb_settings()", "--json"]),
    command("store list", ["store", "list", "--json"]),
    command("audit", ["audit", ...which, "--json"]),
    command("features", ["features", ...which, "--json"]),
    ...(isFull ? [command("doctor", ["doctor", "--json"]), ...notebookDeeds(scene)] : []),
  ];
}

/** Notebook 01 over a simulated day, and over a server that refuses and says the key back. */
function notebookDeeds({ server, folder }: KeyScene): readonly KeyDeed[] {
  const market = path.join(folder, "market");
  const days = { from: "2024-01-01", to: "2024-01-02" };
  const notebook = (name: string, parameters: object): Promise<unknown> =>
    runCommand([
      ...["notebooks", "01-ingest", "--params", JSON.stringify({ ...days, ...parameters })],
      ...["--reports", path.join(folder, name), "--data", path.join(folder, `${name}-store`)],
    ]);
  return [
    deed("a simulated market", () =>
      runCommand(["simulate", market, "--symbols", "BTC", "--from", days.from, "--to", days.to]),
    ),
    deed("notebook 01", () => notebook(REPORTS, { source: market, symbols: "BTC" })),
    deed("notebook 01 that is refused", async () => {
      server.answerWith(() => echo(401, { "content-type": "text/html" }));
      const { url: source, certificate } = server;
      return notebook("refused", { source, certificate, symbols: "BTC" });
    }),
  ];
}

/** What a deed gave or threw, with everything that hangs on it. */
function deed(name: string, work: () => Promise<unknown>): KeyDeed {
  const run = async (): Promise<string> => {
    let said: unknown;
    try {
      said = await work();
    } catch (error) {
      said = [error, String(error), (error as Error).stack];
    }
    return `${inspect(said, { depth: 12, maxArrayLength: null, maxStringLength: null })}\n${json(said)}`;
  };
  return { name, run };
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}

function echo(code: number, headers: Readonly<Record<string, string>>): Answer {
  return (request, response) => {
    const { authorization = "" } = request.headers;
    response
      .writeHead(code, { ...headers })
      .end(`<html>${JSON.stringify({ authorization })}</html>`);
  };
}

/** Paths that the servers know: the sample file, and what the vendor's API is asked. */
export function servedFiles(): Readonly<Record<string, Buffer>> {
  const lines = sampleLines({ ...SAMPLE_KEY, type: "trades" }, { rows: 90, seed: 1 });
  return {
    [vendorPath(SAMPLE_KEY)]: gzipSync(textOf(lines)),
    "api-key-info": Buffer.from("[]"),
  };
}
