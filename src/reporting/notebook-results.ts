import { FACTS_MIME, mergeFacts, type ReportFacts } from "./facts.js";
import type { Notebook } from "./notebook-file.js";
import { stripAnsi } from "./render-output.js";
import { CHECKS_MIME, type CheckRecord } from "./validate.js";

/** A cell that failed: its number counted from 1, 0 where it is the notebook as a whole, and its message. */
export interface CellError {
  readonly cell: number;
  readonly text: string;
}

/** What the notebook said about itself, all cells together. */
export function notebookFacts(notebook: Notebook): ReportFacts {
  return mergeFacts(bundles(notebook, FACTS_MIME) as ReportFacts[]);
}

/** The checks of the validation cell, with their outcomes; none when the run ended before it. */
export function notebookChecks(notebook: Notebook): readonly CheckRecord[] {
  return bundles(notebook, CHECKS_MIME).flat() as CheckRecord[];
}

/** The cells that failed. */
export function cellErrors(notebook: Notebook): readonly CellError[] {
  return notebook.cells.flatMap((cell, index) =>
    cell.outputs.flatMap((output) => {
      if (output.output_type !== "error") return [];
      const text = stripAnsi(`${output.ename}: ${output.evalue}`);
      return [{ cell: index + 1, text }];
    }),
  );
}

function bundles(notebook: Notebook, mime: string): unknown[] {
  return notebook.cells.flatMap(({ outputs }) =>
    outputs.flatMap((output) => {
      const isBundle =
        output.output_type === "display_data" || output.output_type === "execute_result";
      const value = isBundle ? output.data[mime] : undefined;
      return value === undefined ? [] : [value];
    }),
  );
}
