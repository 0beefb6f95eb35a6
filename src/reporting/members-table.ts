import type { MemberFacts } from "../registry/member-facts.js";
import type { Cell, Table } from "./table.js";

/** Members of an ensemble; where there are several folds, their weights one after the other. */
export function membersTable(members: readonly MemberFacts[]): Table {
  const each = (ratios: readonly number[], text: (ratio: number) => string): string =>
    ratios.map(text).join(", ");
  return {
    caption: "Members of the ensemble, by fold",
    columns: [
      { name: "member", kind: "short" },
      { name: "weight", kind: "short" },
      { name: "share of what is said, %", kind: "short" },
    ],
    rows: members.map(({ name, weights, voices }): readonly Cell[] => [
      name,
      each(weights, (weight) => (weight === 0 ? "0, left out" : weight.toFixed(3))),
      each(voices, (ratio) => (100 * ratio).toFixed(0)),
    ]),
  };
}
