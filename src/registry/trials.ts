// How many configurations have been tried? Every fit is an entry of one chained ledger that nothing is taken from.
import { mkdir, open, readFile, truncate } from "node:fs/promises";
import path from "node:path";
import { canonicalJson, contentHash } from "../core/content-hash.js";
import { DataError } from "../core/errors.js";
import { exclusively } from "./exclusively.js";

/** What makes two fits the same trial. */
export interface TrialIdentity {
  /** Kind of model: `logistic`, `lstm`. */
  readonly model: string;
  /** Hash of the dataset and its folds. */
  readonly data: string;
  /** Hash of the source files that decide what a fit gives. */
  readonly code: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** What computed it, where that moves the last bits: `native 2.21.0`. */
  readonly backend: string;
}

/** What a trial gave. */
export interface TrialResult {
  /** Test figures by name; NaN where one could not be measured. */
  readonly figures: Readonly<Record<string, number>>;
  /** Hash of the model bundle's list of files. */
  readonly bundle: string;
}

/** One entry of the ledger. */
export interface Trial extends TrialIdentity, TrialResult {
  /** Counted from 1. */
  readonly number: number;
  /** Hash of the identity. */
  readonly key: string;
  /** Hash of the entry before; 64 zeros in the first. */
  readonly previous: string;
  /** Hash of all else in this entry. */
  readonly hash: string;
}

const NO_TRIAL = "0".repeat(64);

/** Hash that two fits share exactly when they are the same trial. */
export function trialKey({ model, data, code, settings, seed, backend }: TrialIdentity): string {
  return contentHash({ model, data, code, settings, seed, backend });
}

/**
 * All trials in the order they were recorded, the chain checked. A last line that was cut off by a kill was never
 * recorded and is left out.
 *
 * @param root - of the store
 * @throws {DataError} an entry was changed, removed, added or moved; names its line
 */
export async function readTrials(root: string): Promise<readonly Trial[]> {
  const file = ledgerFile(root);
  const text = await readText(file);
  return parse(text.slice(0, wholeLength(text)), file);
}

/**
 * Records a trial. One that is there already stays as it is and makes no new entry.
 *
 * @returns the entry, new or old
 * @throws {DataError} the same trial was recorded with other results, or the ledger's chain is broken
 */
export async function recordTrial(
  root: string,
  identity: TrialIdentity,
  { figures, bundle }: TrialResult,
): Promise<Trial> {
  const file = ledgerFile(root);
  await mkdir(path.dirname(file), { recursive: true });
  return await exclusively(`${file}.lock`, async () => {
    const text = await readText(file);
    const whole = wholeLength(text);
    const trials = parse(text.slice(0, whole), file);
    const key = trialKey(identity);
    const known = trials.find((trial) => trial.key === key);
    if (known !== undefined) return requireSame(known, { figures, bundle }, file);
    const { model, data, code, settings, seed, backend } = identity;
    const previous = trials.at(-1)?.hash ?? NO_TRIAL;
    const number = trials.length + 1;
    const content = {
      number,
      key,
      model,
      data,
      code,
      settings,
      seed,
      backend,
      figures,
      bundle,
      previous,
    };
    const trial: Trial = { ...content, hash: contentHash(content) };
    if (whole < text.length) await truncate(file, Buffer.byteLength(text.slice(0, whole)));
    await append(file, `${canonicalJson(trial)}\n`);
    return trial;
  });
}

function requireSame(known: Trial, { figures, bundle }: TrialResult, file: string): Trial {
  if (canonicalJson(known.figures) === canonicalJson(figures) && known.bundle === bundle)
    return known;
  throw new DataError({
    file,
    row: known.number,
    message: `trial ${known.key.slice(0, 12)} was recorded with ${canonicalJson(known.figures)}, and the same data, code, settings and seed now gave ${canonicalJson(figures)}`,
    fix: "find what the fit depends on besides these; a recorded trial is never changed",
  });
}

function parse(text: string, file: string): readonly Trial[] {
  const keys = new Set<string>();
  let previous = NO_TRIAL;
  return text
    .split("\n")
    .slice(0, -1)
    .map((line, i) => {
      const trial = parseLine(line);
      const { hash, ...content } = trial;
      const isChained = trial.number === i + 1 && trial.previous === previous;
      const isWhole = hash === contentHash(content) && trial.key === trialKey(trial);
      if (!isChained || !isWhole || keys.has(trial.key)) {
        throw new DataError({
          file,
          row: i + 1,
          message: "does not fit the chain of hashes: the ledger was changed after it was written",
          fix: "bring the file back from a copy; without it the number of trials is not known",
        });
      }
      previous = hash;
      keys.add(trial.key);
      return { ...trial, figures: revive(trial.figures) };
    });
}

/** A line that is no entry becomes one that no chain accepts. */
function parseLine(line: string): Trial {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry === "object" && entry !== null) return entry as Trial;
  } catch {
    // Falls through to the entry without content.
  }
  return {} as Trial;
}

/** JSON has no NaN: what could not be measured is null there. */
function revive(figures: Readonly<Record<string, number | null>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures ?? {}).map(([name, value]) => [name, value ?? Number.NaN]),
  );
}

/** Length of the text up to and with its last line end. */
function wholeLength(text: string): number {
  return text.lastIndexOf("\n") + 1;
}

async function append(file: string, line: string): Promise<void> {
  const handle = await open(file, "a");
  try {
    await handle.writeFile(line);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function ledgerFile(root: string): string {
  return path.join(root, "registry", "trials.jsonl");
}
