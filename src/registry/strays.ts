// What lies in the registry that no entry of the ledger names? It shows entries that were cut together with promoted.json.
import path from "node:path";
import { counted } from "../core/counted.js";
import { DataError } from "../core/errors.js";
import { isNamePart } from "./bundles.js";
import { DEMOTED, readNote } from "./demotion-note.js";
import type { DemotionEntry, Entry } from "./entries.js";
import { namesIn } from "./names-in.js";
import { modelName } from "./trial.js";
import { MARK } from "./unrecorded.js";

/** A folder or file of the registry that an entry of the ledger names, or should. */
export interface Lying {
  readonly kind: "model" | "evaluation" | "demotion";
  /** NAME@version, as its place says. */
  readonly model: string;
  readonly file: string;
  /** First 12 digits of an evaluation's SHA-256; hash of the entry of a demotion; empty for a model. */
  readonly hash: string;
  /** Number of the entry that set it aside, as its folder is called; 0 for what is in its own place. */
  readonly setAsideBy: number;
  /** True while its entry is still to come: it is being written, or a killed process left it. */
  readonly isMarked: boolean;
  /** Entry that a demotion's note holds. */
  readonly demotion?: DemotionEntry;
}

type LyingHere = Omit<Lying, "setAsideBy">;

/** Folder of what mending set aside, below it a folder for each entry that did. */
export const SET_ASIDE = "set-aside";

/**
 * Models, evaluations and demotions by their places, what was set aside among them; temporary ones, and what no model is called, are left out.
 * To be called before the ledger is read: what lies there without a mark was recorded before.
 *
 * @param registry - folder of the ledger
 */
export async function lyingIn(registry: string): Promise<readonly Lying[]> {
  const aside = path.join(registry, SET_ASIDE);
  const numbers = (await namesIn(aside)).filter((name) => /^[1-9]\d*$/.test(name));
  const own = modelsIn(path.join(registry, "models"), 0);
  const moved = numbers.map((name) => modelsIn(path.join(aside, name, "models"), Number(name)));
  return (await Promise.all([own, ...moved])).flat();
}

async function modelsIn(models: string, setAsideBy: number): Promise<readonly Lying[]> {
  const names = await namesIn(models);
  const found = await Promise.all(names.map((name) => lyingOf(path.join(models, name), name)));
  return found.flat().map((one) => ({ ...one, setAsideBy }));
}

/** What no entry names, models first. */
export function unnamedAmong(lying: readonly Lying[], entries: readonly Entry[]): readonly Lying[] {
  const models = new Map<string, string>();
  const named = new Set<string>();
  const setAside = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === "mend") {
      for (const { model } of entry.setAside) setAside.add(`${entry.number} ${model}`);
    }
    if (entry.kind === "trial") models.set(entry.key, modelName(entry));
    if (entry.kind === "trial") named.add(`${modelName(entry)} `);
    if (entry.kind === "evaluation") {
      named.add(`${models.get(entry.key)} ${entry.evaluation.slice(0, 12)}`);
    }
    if (entry.kind === "demotion") named.add(`${models.get(entry.key)} ${entry.hash}`);
  }
  const order = ["model", "evaluation", "demotion"];
  return lying
    .filter(({ model, hash, setAsideBy }) =>
      setAsideBy === 0 ? !named.has(`${model} ${hash}`) : !setAside.has(`${setAsideBy} ${model}`),
    )
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/**
 * Refuses a ledger beside which something lies that it does not name and that is not being recorded.
 *
 * @throws {DataError} names the first and counts the others
 */
export function requireNoStrays(unnamed: readonly Lying[]): void {
  const [first, ...others] = unnamed.filter(({ isMarked }) => !isMarked);
  if (first === undefined) return;
  const what = {
    model: "is a model",
    evaluation: "is an evaluation",
    demotion: "is of a demotion",
  };
  const more =
    others.length === 0 ? "" : ` (and ${counted(others.length, "more like it", "more like it")})`;
  throw new DataError({
    file: first.file,
    message: `${what[first.kind]} that no entry of the ledger names${more}: entries were cut from trials.jsonl, or this was brought here from another store`,
    fix: "bring trials.jsonl and promoted.json back from a copy; without one `npx tickbook models --mend` sets such files aside and counts them as tried",
  });
}

async function lyingOf(folder: string, name: string): Promise<readonly LyingHere[]> {
  const all = await namesIn(folder);
  const models = all.filter(isNamePart);
  const found = await Promise.all(
    models.map(async (version): Promise<readonly LyingHere[]> => {
      const model = `${name}@${version}`;
      const file = path.join(folder, version);
      const isMarked = all.includes(`${version}${MARK}`);
      const evaluations = await evaluationsIn(path.join(file, "evaluations"), model);
      return [{ kind: "model", model, file, hash: "", isMarked }, ...evaluations];
    }),
  );
  const demotions = all
    .filter((file) => file.endsWith(DEMOTED))
    .map(async (file): Promise<LyingHere> => {
      const model = `${name}@${file.slice(0, -DEMOTED.length)}`;
      const place = path.join(folder, file);
      const { hash, entry } = await readNote(place);
      const demotion = entry === undefined ? {} : { demotion: entry };
      return { kind: "demotion", model, file: place, hash, isMarked: false, ...demotion };
    });
  return [...found.flat(), ...(await Promise.all(demotions))];
}

async function evaluationsIn(folder: string, model: string): Promise<readonly LyingHere[]> {
  const all = await namesIn(folder);
  return all
    .filter((file) => /^[0-9a-f]{12}\.json$/.test(file))
    .map(
      (file): LyingHere => ({
        kind: "evaluation",
        model,
        file: path.join(folder, file),
        hash: file.slice(0, 12),
        isMarked: all.includes(`${file}${MARK}`),
      }),
    );
}
