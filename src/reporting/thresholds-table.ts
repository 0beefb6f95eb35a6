// Which thresholds did the audit use, and which of them are not the defaults?
import { AUDIT_SETTINGS, type AuditSettings } from "../audit/settings.js";
import type { Cell, Table } from "./table.js";

/** A threshold by its place in the settings: `gap.trades`, `floorSeconds`. */
interface Threshold {
  readonly group: string;
  readonly name: string;
  readonly value: number;
  readonly usual: number;
}

/** Thresholds in force, one row a check; those that differ from the defaults are marked and told with the default. */
export function thresholdsTable(settings: AuditSettings): Table {
  const all = thresholds(settings);
  const groups = [...new Set(all.map(({ group }) => group))];
  const differing = all.filter(differs).length;
  return {
    caption:
      differing === 0
        ? "Thresholds in force; all are the defaults"
        : `Thresholds in force; ▲ marks the ${differing} that ${differing === 1 ? "differs" : "differ"} from the defaults`,
    columns: [
      { name: "check", kind: "code" },
      { name: "thresholds" },
      { name: "defaults that differ" },
    ],
    rows: groups.map((group): readonly Cell[] => {
      const own = all.filter((one) => one.group === group);
      const told = own.map((one) => `${differs(one) ? "▲ " : ""}${one.name} ${one.value}`);
      const usual = own.filter(differs).map((one) => `${one.name} ${one.usual}`);
      return [group, told.join(", "), usual.length === 0 ? null : usual.join(", ")];
    }),
  };
}

/** Settings that are not the defaults, by name in their groups; undefined where all are. */
export function changedThresholds(settings: object): Readonly<Record<string, unknown>> | undefined {
  return changedIn(settings as Group, AUDIT_SETTINGS as unknown as Group);
}

interface Group {
  readonly [name: string]: number | Group;
}

function changedIn(settings: Group, defaults: Group): Record<string, unknown> | undefined {
  const changed = Object.entries(settings).flatMap(([name, value]): [string, unknown][] => {
    const usual = defaults[name];
    if (typeof value === "number") return value === usual ? [] : [[name, value]];
    const inner = changedIn(value, usual as Group);
    return inner === undefined ? [] : [[name, inner]];
  });
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

function thresholds(settings: AuditSettings): readonly Threshold[] {
  const inGroup = (group: string, own: Group, usual: Group): readonly Threshold[] =>
    Object.entries(own).flatMap(([name, value]) =>
      typeof value === "number"
        ? [{ group, name, value, usual: usual[name] as number }]
        : inGroup(group === "" ? name : `${group}.${name}`, value, usual[name] as Group),
    );
  return inGroup("", settings as unknown as Group, AUDIT_SETTINGS as unknown as Group);
}

function differs({ value, usual }: Threshold): boolean {
  return value !== usual;
}
