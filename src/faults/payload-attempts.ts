import { WorkbenchError } from "../core/errors.js";
import { ingest } from "../ingest/ingest.js";
import { openSource } from "../ingest/open-source.js";
import { readDerived, writeDerived } from "../store/derived.js";
import { listPartitions } from "../store/list.js";
import { readColumns, readManifest, readTrades } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { DataType, PartitionKey } from "../store/tables.js";
import type { CommandRun } from "./run-command.js";
import { SAMPLE_KEY } from "./sample-files.js";
import type { SampleStore } from "./sample-store.js";

/** What a hostile text did; undefined when it was refused as it should be, or had the effect of a right name. */
export type Misdeed = { readonly isSilent: boolean; readonly what: string } | undefined;

const SLOTS = ["exchange", "symbol", "type", "date"] as const;

/** Gives a text to every function of the library that takes a name, a day, a type or a folder. */
export async function attemptsByName(
  { store, mirror }: SampleStore,
  text: string,
): Promise<readonly Misdeed[]> {
  const found: Misdeed[] = [];
  for (const slot of SLOTS) {
    const key = { ...SAMPLE_KEY, [slot]: text } as PartitionKey;
    const ways: Readonly<Record<string, () => Promise<unknown>>> = {
      ingest: () => ingestNamed(store, mirror, key),
      readTrades: () => readTrades(store, key).next(),
      readColumns: () => readColumns(store, key),
      readManifest: () => readManifest(store, key),
      listPartitions: () => listed(store, key),
    };
    for (const [name, way] of Object.entries(ways)) {
      // Readers of trades know their type themselves.
      if (slot === "type" && name === "readTrades") continue;
      const isRight = text === SAMPLE_KEY[slot];
      found.push(await judged(`${name} with ${slot}`, way, isRight));
    }
  }
  const column = { x: Float64Array.of(1) };
  if (!/^[\w.=@-]+(\/[\w.=@-]+)*$/.test(text)) {
    const write = (): Promise<unknown> => writeDerived(store, text, column, {});
    found.push(await judged("writeDerived", write, false));
    found.push(await judged("readDerived", () => readDerived(store, text), false));
  }
  return found;
}

async function ingestNamed(store: Store, mirror: string, key: PartitionKey): Promise<unknown> {
  const source = await openSource(mirror);
  const { exchange, symbol, type, date } = key;
  const request = { exchange, symbols: [symbol], types: [type], days: [date] };
  return ingest(store, source, { jobs: 1, ...request });
}

/** A filter compares and opens nothing: what it finds has to be what is there. */
async function listed(
  store: Store,
  { exchange, symbol, type, date }: PartitionKey,
): Promise<unknown> {
  const filter = { exchange, symbols: [symbol], types: [type as DataType], from: date, to: "9999" };
  const found = await listPartitions(store, filter);
  return found.every(({ key }) => key.exchange === exchange && key.symbol === symbol)
    ? undefined
    : found;
}

/** Nothing found and a refusal in the project's own words are right; anything else is not. */
async function judged(
  name: string,
  way: () => Promise<unknown>,
  isRight: boolean,
): Promise<Misdeed> {
  try {
    const value = await way();
    if (value === undefined || isRight) return undefined;
    return { isSilent: true, what: `${name} gave ${JSON.stringify(value)?.slice(0, 200)}` };
  } catch (error) {
    if (error instanceof WorkbenchError) return undefined;
    return { isSilent: false, what: `${name} threw ${String(error).slice(0, 200)}` };
  }
}

/** Gives a text to every option of the command line that takes a name, a day or a type. */
export async function attemptsOfCommands(
  run: (argv: readonly string[]) => Promise<CommandRun>,
  { store, mirror }: SampleStore,
  text: string,
): Promise<readonly Misdeed[]> {
  // No operating system passes a NUL in an argument.
  if (text.includes("\0")) return [];
  const { exchange, symbol, type, date } = SAMPLE_KEY;
  const right = { exchange, symbols: symbol, types: type, from: date };
  const found: Misdeed[] = [];
  for (const option of [...Object.keys(right), "to"]) {
    const options = { source: mirror, ...right, [option]: text };
    found.push(
      judgedRun(`ingest --${option}`, await run(["ingest", ...argsOf(options), ...tail(store)])),
    );
  }
  for (const command of ["audit", "features"]) {
    for (const option of ["exchange", "symbols", "from"]) {
      const { types: _, ...options } = { ...right, [option]: text };
      const exit = await run([command, ...argsOf(options), ...tail(store)]);
      found.push(judgedRun(`${command} --${option}`, exit));
    }
  }
  return found;
}

function argsOf(options: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

function tail(store: Store): readonly string[] {
  return ["--json", "--data", store.root];
}

/** Wrong usage in one line of plain characters; or the work of a right name, when the text was one. */
function judgedRun(name: string, { exitCode, out, err }: CommandRun): Misdeed {
  if (exitCode === 2) {
    const isOneLine = /^tickbook[^\p{Cc}]*\n$/u.test(err);
    return isOneLine
      ? undefined
      : { isSilent: false, what: `${name} said ${JSON.stringify(err.slice(0, 300))}` };
  }
  const isRight = !out.includes("outside") && partitionsIn(out).every(isSample);
  return isRight ? undefined : { isSilent: true, what: `${name} did ${out.slice(0, 200)}` };
}

function partitionsIn(json: string): readonly Partial<PartitionKey>[] {
  const { partitions = [] } = JSON.parse(json) as { partitions?: readonly Partial<PartitionKey>[] };
  return partitions;
}

function isSample({ exchange, symbol, date }: Partial<PartitionKey>): boolean {
  return (
    exchange === SAMPLE_KEY.exchange && symbol === SAMPLE_KEY.symbol && date === SAMPLE_KEY.date
  );
}
