import { OptionError } from "../core/errors.js";
import { modelName, type Trial, versionOf } from "./trial.js";

/** A model as people name it. */
export interface ModelName {
  readonly name: string;
  /** Absent: the last trial of that name that was a model of its own, no part of a comparison. */
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
 * The trial of that name and version, or the last of that name that was no part of a comparison.
 *
 * @param option - that the name came from, for the error
 * @throws {OptionError} there is none
 */
export function namedTrial(
  trials: Iterable<Trial>,
  { name, version }: ModelName,
  option = "--model",
): Trial {
  const named = [...trials].filter(({ model }) => model === name);
  const last =
    version === undefined
      ? named.filter(({ part }) => part === "").at(-1)
      : named.find(({ key }) => versionOf(key) === version);
  if (last !== undefined) return last;
  const asked = JSON.stringify(version === undefined ? name : `${name}@${version}`);
  if (version === undefined && named.length > 0) {
    throw new OptionError({
      column: option,
      message: `was ${asked}, and whatever is called so is part of a comparison`,
      fix: `give one with its version, as ${modelName(named.at(-1)!)}; \`npx tickbook trials\` lists them`,
    });
  }
  throw new OptionError({
    column: option,
    message: `was ${asked}, which no trained model is called`,
    fix: "take a name from `npx tickbook models`, or train one with `npx tickbook train`",
  });
}
