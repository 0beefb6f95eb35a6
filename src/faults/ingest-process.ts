import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { cleanUpLater } from "./clean-up.js";
import { EXCHANGE, type KnownMarket, marketDay } from "./known-market.js";

/** How to start an ingest in a process of its own. */
export interface ProcessOptions {
  /** Files in work at once. */
  readonly jobs?: number;
  /** First day, counted from the market's, and the day after the last; default all. */
  readonly days?: readonly [number, number];
  /** Environment beside PATH and HOME. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Limit of a file's size, in blocks of 512 bytes, as a shell sets it. */
  readonly fileBlocks?: number;
  /** More arguments. */
  readonly more?: readonly string[];
}

/** What became of the process. */
export interface EndedProcess {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output and standard error. */
  readonly out: string;
  readonly err: string;
}

/** A running ingest. */
export interface IngestProcess {
  readonly ended: Promise<EndedProcess>;
  readonly isRunning: () => boolean;
  /** Ends it by a signal that it cannot catch. */
  readonly kill: () => void;
}

/** What `tools/tickbook.js` runs, from the build that this file belongs to. */
const TICKBOOK = `require(${JSON.stringify(path.resolve(__dirname, "..", "cli", "main.js"))})
  .main(process.argv.slice(1)).then((code) => { process.exitCode = code; })`;

/**
 * Starts `tickbook ingest` of a whole market, or of some of its days, as a process that does not outlive this one.
 *
 * @param root - of the store
 */
export function startIngest(
  root: string,
  market: KnownMarket,
  { jobs = 2, environment = {}, fileBlocks, more = [], ...rest }: ProcessOptions = {},
): IngestProcess {
  const [from, to] = rest.days ?? [0, market.options.days];
  const args = [
    ...["-e", TICKBOOK, "--"],
    ...["ingest", "--json", "--data", root, "--jobs", String(jobs)],
    ...["--source", market.mirror, "--exchange", EXCHANGE],
    ...[
      "--symbols",
      market.options.symbols.join(","),
      "--from",
      marketDay(from),
      "--to",
      marketDay(to),
    ],
    ...more,
  ];
  const { PATH = "", HOME = "" } = process.env;
  const limited = `ulimit -f ${fileBlocks} && exec "$0" "$@"`;
  const [command, given] =
    fileBlocks === undefined
      ? [process.execPath, args]
      : ["sh", ["-c", limited, process.execPath, ...args]];
  const child = spawn(command, given, {
    cwd: path.dirname(market.mirror),
    // The speed of starved and killed runs is none to plan with.
    env: { PATH, HOME, TICKBOOK_CACHE: `${market.mirror}-cache`, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = cleanUpLater(() => child.kill("SIGKILL"));
  child.once("close", kill);
  child.once("close", kill);
  return {
    ended: untilEnd(child),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill,
  };
}

/** Runs an ingest to its end. */
export function runIngest(
  root: string,
  market: KnownMarket,
  options: ProcessOptions = {},
): Promise<EndedProcess> {
  return startIngest(root, market, options).ended;
}

function untilEnd(child: ChildProcess): Promise<EndedProcess> {
  const text = { out: "", err: "" };
  child.stdout!.on("data", (piece) => {
    text.out += piece;
  });
  child.stderr!.on("data", (piece) => {
    text.err += piece;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...text }));
  });
}
