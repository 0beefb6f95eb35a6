import { tableText } from "../reporting/table.js";
import type { FaultResult } from "./campaign.js";

/** Whether every planted fault was noticed or survived, and nothing was lost, stored twice, silently wrong or made up. */
export function hasStood(result: FaultResult): boolean {
  const { tries, detected, lost, duplicated, silent, falseAlarms = 0 } = result;
  return tries > 0 && detected === tries && lost + duplicated + silent + falseAlarms === 0;
}

/** Results as a table for people, with a line below for each note. */
export function resultTable(results: readonly FaultResult[]): string {
  const names = ["tries", "detected", "lost", "duplicated", "silently wrong"];
  const table = tableText({
    caption: "Faults",
    columns: [{ name: "fault" }, ...names.map((name) => ({ name }))],
    rows: results.map(({ fault, tries, detected, lost, duplicated, silent }) => [
      ...[fault, tries, detected, lost, duplicated, silent],
    ]),
  });
  const notes = results.flatMap((result) =>
    result.note === undefined
      ? []
      : [`${hasStood(result) ? " " : "✗"} ${result.fault}: ${result.note}`],
  );
  return [table, "", ...notes].join("\n").trimEnd();
}
