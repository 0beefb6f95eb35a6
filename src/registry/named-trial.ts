import { OptionError } from "../core/errors.js";
import { type Trial, versionOf } from "./trial.js";

/** A model as people name it. */
export interface ModelName {
  readonly name: string;
  /** Absent: the last trial of that name. */
  readonly version?: string;
}

/**
 * Takes a name apart.
 *
 * @param text - `logistic` or `logistic@0a1b2c3d4e5f`
 */
export function parseModelName(text: string): ModelName {
  const at = text.indexOf("@");
  return at < 0 ? { name: text } : { name: text.slice(0, at), version: text.slice(at + 1) };
}

/**
 * The trial of that name and version, or the last of that name.
 *
 * @param option - that the name came from, for the error
 * @throws {OptionError} there is none
 */
export function namedTrial(
  trials: Iterable<Trial>,
  { name, version }: ModelName,
  option = "--model",
): Trial {
  const found = [...trials].filter(
    ({ model, key }) => model === name && (version === undefined || versionOf(key) === version),
  );
  const last = found.at(-1);
  if (last !== undefined) return last;
  throw new OptionError({
    column: option,
    message: `was ${JSON.stringify(version === undefined ? name : `${name}@${version}`)}, which no trained model is called`,
    fix: "take a name from `npx tickbook models`, or train one with `npx tickbook train`",
  });
}
