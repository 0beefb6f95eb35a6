// Settings as they are asked for on a command line: `dropout=0.2` for one, `dropout=0.2,0.5` for a grid of them.
import { OptionError } from "../core/errors.js";
import { type SettingRule, type SettingValue, settingRules } from "./setting-rules.js";
import type { TrainingSettings } from "./settings.js";

/** What is asked otherwise, by setting. */
export type SettingChanges = Readonly<Record<string, SettingValue>>;

/** One place of a grid. */
export interface GridPoint {
  readonly settings: TrainingSettings;
  readonly changes: SettingChanges;
}

/** More tries than this are no small search: luck among them is what they find. */
const MOST_TRIES = 100;

/** Options that settings have of their own. */
const OPTIONS: ReadonlyMap<string, string> = new Map([
  ["calibrator", "--calibrator"],
  ["coverage", "--coverage"],
  ["columns", "--columns"],
  ["seed", "--seed"],
]);

/**
 * Settings with some asked otherwise.
 *
 * @param texts - `name=value` each; several numbers of one value are joined by an x, as in `units=32x16`
 * @param option - that they came from, for errors
 * @throws {OptionError} a setting that the model does not have, a value that breaks its rule, or a setting asked for twice
 */
export function askedSettings(
  settings: TrainingSettings,
  texts: readonly string[],
  option = "--set",
): TrainingSettings {
  const changes: Record<string, SettingValue> = {};
  for (const text of texts) {
    const { name, value, rule } = askedPair(settings, text, option);
    if (name in changes) throw askedTwice(name, option);
    changes[name] = parsed(rule, value, `${option} ${name}`);
  }
  return changed(settings, changes, option);
}

/**
 * All combinations of the values that some settings are to be tried with.
 *
 * @param texts - `name=value,value` each
 * @returns one point for each, the last named setting varying fastest; empty without texts
 * @throws {OptionError} as of `askedSettings`; and a grid of one point, of too many, or over what early-stop losses cannot compare
 */
export function settingGrid(
  settings: TrainingSettings,
  texts: readonly string[],
  option = "--grid",
): readonly GridPoint[] {
  if (texts.length === 0) return [];
  requireComparable(settings, texts, option);
  const axes = new Map<string, readonly SettingValue[]>();
  for (const text of texts) {
    const { name, value, rule } = askedPair(settings, text, option);
    const values = value.split(",").map((one) => parsed(rule, one, `${option} ${name}`));
    const isTwice = axes.has(name) || new Set(values.map(String)).size < values.length;
    if (isTwice) throw askedTwice(name, option);
    axes.set(name, values);
  }
  requireFewTries([...axes.values()], option);
  let points: readonly SettingChanges[] = [{}];
  for (const [name, values] of axes) {
    points = points.flatMap((point) => values.map((one) => ({ ...point, [name]: one })));
  }
  return points.map((changes) => ({ settings: changed(settings, changes, option), changes }));
}

/** Before any point is made: lists of some values each make more of them than fit into memory. */
function requireFewTries(axes: readonly (readonly SettingValue[])[], option: string): void {
  const tries = axes.reduce((product, values) => product * values.length, 1);
  if (tries >= 2 && tries <= MOST_TRIES) return;
  throw new OptionError({
    column: option,
    message: `asks for ${tries} ${tries === 1 ? "try" : "tries"}, expected 2 to ${MOST_TRIES}`,
    fix: tries < 2 ? "give a setting two values, or use --set" : "leave some values out",
  });
}

/**
 * Refuses a grid over what is set: every try would overrule it.
 *
 * @throws {OptionError} a setting is asked for by both
 */
export function requireSetOrGrid(set: readonly string[], grid: readonly string[]): void {
  const names = set.map(nameOf);
  const both = grid.map(nameOf).find((name) => names.includes(name));
  if (both === undefined) return;
  throw new OptionError({
    column: `--grid ${both}`,
    message: "was asked for by --set, too",
    fix: "give it to one of them",
  });
}

/** Changed settings in words: `units 32, dropout 0.2`. */
export function changesText(changes: SettingChanges): string {
  const words = Object.entries(changes).map(([name, value]) => {
    return `${name} ${Array.isArray(value) ? value.join("x") : value}`;
  });
  return words.join(", ");
}

function changed(
  settings: TrainingSettings,
  changes: SettingChanges,
  option: string,
): TrainingSettings {
  const asked = { ...settings, ...changes } as TrainingSettings;
  requireEqualHeads(asked, option);
  return asked;
}

function askedPair(
  settings: TrainingSettings,
  text: string,
  option: string,
): { readonly name: string; readonly value: string; readonly rule: SettingRule } {
  const at = text.indexOf("=");
  const name = nameOf(text);
  const rules = settingRules(settings);
  const rule = rules.get(name);
  if (rule !== undefined) return { name, value: text.slice(at + 1), rule };
  const own = OPTIONS.get(name);
  const names = [...rules.keys()];
  throw new OptionError({
    column: option,
    message:
      at < 1
        ? `was ${JSON.stringify(text)}, expected name=value`
        : `named ${JSON.stringify(name)}, which is no setting of ${settings.model}`,
    fix:
      own !== undefined
        ? `use ${own}`
        : names.length === 0
          ? `leave it out: ${settings.model} has no settings`
          : `use one of ${names.join(", ")}`,
  });
}

function nameOf(text: string): string {
  return text.slice(0, Math.max(0, text.indexOf("="))).trim();
}

function parsed({ schema, expected }: SettingRule, text: string, column: string): SettingValue {
  const value = schema.safeParse(text);
  if (value.success) return value.data;
  throw new OptionError({
    column,
    message: `was ${JSON.stringify(text)}, expected ${expected}`,
    fix: "give such a value, or leave it out",
  });
}

function askedTwice(name: string, option: string): OptionError {
  return new OptionError({
    column: `${option} ${name}`,
    message: "was asked for twice",
    fix: "give each value once",
  });
}

/** A search chooses by the early-stop loss, which only models that are trained in epochs have, weighted alike. */
function requireComparable(
  settings: TrainingSettings,
  texts: readonly string[],
  option: string,
): void {
  if (!("epochs" in settings)) {
    throw new OptionError({
      column: option,
      message: `was given for ${settings.model}, which is not trained in epochs and has no early-stop loss to choose by`,
      fix: "use --set, or train a network",
    });
  }
  if (!texts.some((text) => nameOf(text) === "classWeights")) return;
  throw new OptionError({
    column: `${option} classWeights`,
    message:
      "was given, under which early-stop losses are weighed otherwise and cannot be compared",
    fix: "use --set classWeights=…",
  });
}

function requireEqualHeads(settings: TrainingSettings, option: string): void {
  const { width, heads } = settings as { readonly width?: number; readonly heads?: number };
  if (width === undefined || heads === undefined || width % heads === 0) return;
  throw new OptionError({
    column: option,
    message: `asks for ${heads} heads in a width of ${width}, which are no equal parts`,
    fix: "give a width that is a multiple of the heads",
  });
}
