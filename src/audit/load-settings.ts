import { OptionError } from "../core/errors.js";
import { readSettingsFile, SETTINGS_FILE } from "../core/settings-file.js";
import { AUDIT_SETTINGS, type AuditSettings } from "./settings.js";
import { ORDERED_THRESHOLDS, SETTINGS_RULES, type ThresholdRule } from "./settings-rules.js";

/**
 * Thresholds in force: the defaults, with what stands under `audit:` in the project's `tickbook.yaml` in their place.
 *
 * @param folder - folder of the settings file; the project's root when left out
 * @throws {OptionError} the file cannot be read, or a name or value there is none
 */
export function loadAuditSettings(folder?: string): AuditSettings {
  const { audit = {} } = folder === undefined ? readSettingsFile() : readSettingsFile(folder);
  return withOverrides(AUDIT_SETTINGS, SETTINGS_RULES, audit, "audit") as unknown as AuditSettings;
}

interface Group {
  readonly [name: string]: number | Group;
}

interface RuleGroup {
  readonly [name: string]: ThresholdRule | RuleGroup;
}

/** The defaults with some of them replaced; every name must be one that they have, and no two contradict each other. */
function withOverrides(defaults: object, rules: object, overrides: unknown, place: string): Group {
  const known = defaults as Group;
  if (overrides === null || typeof overrides !== "object" || Array.isArray(overrides)) {
    throw wrong(place, `was ${JSON.stringify(overrides)}, expected names with values`, known);
  }
  const given = overrides as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name)) throw wrong(`${place}.${name}`, "is no threshold", known);
  }
  const entries = Object.entries(known).map(([name, value]): readonly [string, number | Group] => {
    const other = given[name];
    if (other === undefined) return [name, value];
    const inner = `${place}.${name}`;
    const rule = (rules as RuleGroup)[name]!;
    if (typeof value !== "number") return [name, withOverrides(value, rule, other, inner)];
    return [name, requireNumber(other, rule as ThresholdRule, inner)];
  });
  const group: Group = Object.fromEntries(entries);
  requireOrder(group, place);
  return group;
}

function requireOrder(group: Group, place: string): void {
  for (const [lower, upper] of ORDERED_THRESHOLDS) {
    const [least, most] = [group[lower], group[upper]];
    if (typeof least !== "number" || typeof most !== "number" || least <= most) continue;
    const message = `was ${least}, expected at most ${upper}, which is ${most}`;
    throw wrong(`${place}.${lower}`, message, undefined);
  }
}

function requireNumber(value: unknown, rule: ThresholdRule, place: string): number {
  const { from, to, isWhole = false, isAbove = false, expected } = rule;
  const isWithin =
    typeof value === "number" &&
    (isAbove ? value > from : value >= from) &&
    value <= to &&
    (!isWhole || Number.isInteger(value));
  if (isWithin) return value;
  throw wrong(place, `was ${told(value)}, expected ${expected}`, undefined);
}

/** A value as people write it; JSON has no infinity. */
function told(value: unknown): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

function wrong(place: string, message: string, known: Group | undefined): OptionError {
  const fix =
    known === undefined
      ? "mend it, or leave it out for the default"
      : `use some of ${Object.keys(known).join(", ")}`;
  return new OptionError({ file: SETTINGS_FILE, column: place, message, fix });
}
