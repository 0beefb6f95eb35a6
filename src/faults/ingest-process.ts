import path from "node:path";
import { type ChildProgram, type EndedProcess, startChild } from "./child-program.js";
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
): ChildProgram {
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
  const limited = `ulimit -f ${fileBlocks} && exec "$0" "$@"`;
  const [command, given] =
    fileBlocks === undefined
      ? [process.execPath, args]
      : ["sh", ["-c", limited, process.execPath, ...args]];
  return startChild(command, given, {
    cwd: path.dirname(market.mirror),
    // The speed of starved and killed runs is none to plan with.
    environment: { TICKBOOK_CACHE: `${market.mirror}-cache`, ...environment },
  });
}

/** Runs an ingest to its end. */
export function runIngest(
  root: string,
  market: KnownMarket,
  options: ProcessOptions = {},
): Promise<EndedProcess> {
  return startIngest(root, market, options).ended;
}
