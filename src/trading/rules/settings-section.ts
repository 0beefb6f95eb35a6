// What stands in a section of the settings file, over a preset?
import { z } from "zod";
import { OptionError } from "../../core/errors.js";
import { SETTINGS_FILE } from "../../core/settings-file.js";

/** A number that keeps a rule, which errors say in words. */
export function numberRule(expected: string, fits: (value: number) => boolean): z.ZodType<number> {
  return z.custom<number>((value) => typeof value === "number" && fits(value), { error: expected });
}

/**
 * A preset with what a section says in its place. Groups keep what is not named; lists and single values are replaced.
 *
 * @param place - name of the section, for errors
 * @throws {OptionError} a name or value there is none
 */
export function withOverrides<Values extends object>(
  schema: z.ZodType<Values>,
  preset: Values,
  given: Readonly<Record<string, unknown>>,
  place: string,
): Values {
  const values = merged(preset, given);
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  if (issue.code === "unrecognized_keys") throw unknownName([place, ...issue.path], issue.keys[0]!);
  throw wrongValue([place, ...issue.path].join("."), valueAt(values, issue.path), issue.message);
}

/**
 * A section's names and values, or an error that names it.
 *
 * @throws {OptionError} it is something else
 */
export function requireNames(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw wrongValue(place, value, "names with values");
}

/** Groups keep what is not named; lists and single values are replaced. */
function merged(preset: object, given: Readonly<Record<string, unknown>>): object {
  const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const known = preset as Readonly<Record<string, unknown>>;
  const entries = Object.entries(given).map(([name, value]): [string, unknown] => {
    const before = Object.hasOwn(known, name) ? known[name] : undefined;
    return [name, isGroup(before) && isGroup(value) ? merged(before, value) : value];
  });
  return { ...preset, ...Object.fromEntries(entries) };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (inner, name) => (inner as Record<PropertyKey, unknown> | undefined)?.[name],
    value,
  );
}

function unknownName(place: readonly PropertyKey[], name: string): OptionError {
  return new OptionError({
    file: SETTINGS_FILE,
    column: [...place, name].join("."),
    message: "is not known there",
    fix: "remove it, or write it as the presets do",
  });
}

/** The error of a value that breaks its rule. */
export function wrongValue(place: string, value: unknown, expected: string): OptionError {
  const told = typeof value === "number" ? String(value) : JSON.stringify(value);
  return new OptionError({
    file: SETTINGS_FILE,
    column: place,
    message: `was ${told ?? "missing"}, expected ${expected}`,
    fix: "mend it, or leave it out for the preset's",
  });
}
