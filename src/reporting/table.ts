import { type Html, html } from "../core/html.js";
import { priceText } from "./quantity-text.js";
import { asVerdict, verdictBadge } from "./verdict.js";

/** A cell: text, a number, or nothing. */
export type Cell = string | number | boolean | null;

/** A column of a report's table. */
export interface TableColumn {
  readonly name: string;
  /** One unit for the whole column, shown in its head. */
  readonly unit?: string;
  /** Digits after the point of its numbers; whole numbers and times need none. */
  readonly digits?: number;
  /**
   * `verdict` shows badges, `aside` is grey text beside the value before it (an interval), `exact` are numbers that were
   * quoted and not computed: all their digits are shown, `short` is text that stays on one
   * line, `long` are sentences, which want some room.
   */
  readonly kind?: "verdict" | "aside" | "code" | "exact" | "short" | "long";
}

/** A table as results hand it to a report. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

/** From this many rows on a table can be sorted by clicking a column's head. */
const SORTABLE_ROWS = 10;

/** Text of a cell: numbers with their column's digits and thousands set apart, "—" for what is missing. */
export function cellText(cell: Cell | undefined, column: TableColumn): string {
  if (cell === null || cell === undefined) return "—";
  if (typeof cell !== "number") return String(cell);
  if (!Number.isFinite(cell)) return "—";
  if (column.kind === "exact") return priceText(cell);
  const digits = column.digits ?? (Number.isInteger(cell) ? 0 : significantDigits(cell));
  const text = cell.toLocaleString("en-US", {
    minimumFractionDigits: column.digits ?? 0,
    maximumFractionDigits: digits,
  });
  // What rounds to nothing has no sign.
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}

/** A table as HTML: numbers to the right, units in the head, sortable when it is long. */
export function renderTable(table: Table): Html {
  const isNumeric = table.columns.map((_, j) =>
    table.rows.some((row) => typeof row[j] === "number"),
  );
  const isSortable = table.rows.length > SORTABLE_ROWS;
  const heads = table.columns.map((column, j) => {
    const unit = column.unit === undefined ? "" : html` <span class="unit">${column.unit}</span>`;
    const name = html`${column.name}${unit}`;
    const content = isSortable ? html`<button type="button">${name}</button>` : name;
    return html`<th scope="col" class="${isNumeric[j] ? "number" : "words"}">${content}</th>`;
  });
  const rows = table.rows.map(
    (row) => html`<tr>${table.columns.map((column, j) => cell(row[j], column, isNumeric[j]!))}</tr>
`,
  );
  const none = html`<tr><td class="words" colspan="${table.columns.length}">none</td></tr>
`;
  return html`<div class="table-box" tabindex="0" role="region" aria-label="${table.caption}">
<table${isSortable ? html` class="sortable"` : ""}><caption><span>${table.caption}</span></caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows.length === 0 ? none : rows}</tbody></table></div>`;
}

/** A table as plain text, for viewers that show no HTML. */
export function tableText(table: Table): string {
  const heads = table.columns.map(({ name, unit }) =>
    unit === undefined ? name : `${name} ${unit}`,
  );
  const body = table.rows.map((row) => table.columns.map((column, j) => cellText(row[j], column)));
  const widths = heads.map((head, j) =>
    Math.max(head.length, ...body.map((row) => row[j]?.length ?? 0)),
  );
  return [heads, ...body]
    .map((row) =>
      row
        .map((text, j) => text.padEnd(widths[j] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cell(value: Cell | undefined, column: TableColumn, isNumeric: boolean): Html {
  const kind = column.kind ?? (isNumeric ? "number" : "words");
  const sort = typeof value === "number" ? html` data-value="${value}"` : "";
  if (kind === "verdict") return html`<td>${verdictBadge(asVerdict(value))}</td>`;
  const text = cellText(value, column);
  if (kind === "code") return html`<td class="words"><code>${text}</code></td>`;
  // On a page a number has a true minus, as intervals beside it have; a terminal's is one that programs read.
  const shown = typeof value === "number" ? text.replace(/^-/, "−") : text;
  return html`<td class="${kind === "exact" ? "number" : kind}"${sort}>${shown}</td>`;
}

/** Digits after the point so that about four significant ones are shown. */
function significantDigits(value: number): number {
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  return Math.max(0, Math.min(8, 3 - magnitude));
}
