import { type Html, html } from "../../../core/html.js";

/** A column of a table: its name, the unit of its numbers, and whether it holds numbers. */
interface Column {
  readonly name: string;
  readonly unit?: string;
  readonly isNumber?: boolean;
}

/** A box of the page that holds one table, which the script fills. */
export interface TablePart {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** Width beside others, in twelfths: `third`, `less` (5), `more` (7), `most` (8); "" for all of it. */
  readonly width: string;
  readonly columns: readonly Column[];
}

/**
 * The box with its empty table; the keyboard scrolls it.
 *
 * @param below - a second table of the same box
 */
export function tablePart(part: TablePart, below?: TablePart): Html {
  return html`<section class="part ${part.width}" aria-labelledby="${part.id}-title">
<h2 id="${part.id}-title">${part.title}</h2><p class="note">${part.note}</p>
${tableBox(part)}
${below === undefined ? html`` : tableBox(below)}
</section>`;
}

/** The table alone. */
export function tableBox({ id, title, columns }: TablePart): Html {
  const heads = columns.map(({ name, unit, isNumber = false }) => {
    const inBrackets = unit === undefined ? html`` : html` <span class="unit">(${unit})</span>`;
    return html`<th scope="col"${isNumber ? html` class="number"` : html``}>${name}${inBrackets}</th>`;
  });
  return html`<div class="box${id === "log" ? " lines" : ""}" tabindex="0" role="region" aria-label="${title}">
<table id="${id}"><thead><tr>${heads}</tr></thead><tbody></tbody></table></div>`;
}

const number = (name: string, unit?: string): Column => {
  return unit === undefined ? { name, isNumber: true } : { name, unit, isNumber: true };
};

/** The latency's figures, which stand below its picture. */
export const LATENCY_TABLE: TablePart = {
  id: "latency",
  title: "Latency figures",
  note: "",
  width: "",
  columns: [{ name: "what" }, number("n"), number("p50"), number("p99"), number("longest")],
};

/** A stream's one connection, below its symbols. */
export const CONNECTION_TABLE: TablePart = {
  id: "connection",
  title: "Connection",
  note: "",
  width: "",
  columns: [
    { name: "connection" },
    number("lost", "times"),
    number("errors"),
    number("waiting", "events"),
    number("oldest"),
    number("rejected", "rows"),
    { name: "last error, and why rows were rejected" },
  ],
};

type PartName = "feeds" | "journal" | "positions" | "risks" | "signals" | "orders" | "log";

/** The boxes in the order in which they are read. */
export const TABLE_PARTS: Readonly<Record<PartName, TablePart>> = {
  feeds: {
    id: "feeds",
    title: "Data health",
    note: "by symbol; age on the machine's clock",
    width: "most",
    columns: [
      { name: "symbol" },
      { name: "feed" },
      number("last event", "UTC"),
      number("age"),
      number("spread", "bps"),
      number("events"),
    ],
  },
  journal: {
    id: "journal",
    title: "Journal",
    note: "where decisions become durable",
    width: "third",
    columns: [{ name: "database" }, number("for"), number("waiting", "records"), { name: "so" }],
  },
  positions: {
    id: "positions",
    title: "Positions",
    note: "open now; prices in USD",
    width: "most",
    columns: [
      { name: "symbol" },
      { name: "side" },
      number("amount"),
      number("entry"),
      number("mid"),
      number("value", "USD"),
      number("floating", "USD"),
    ],
  },
  risks: {
    id: "risks",
    title: "Risk events",
    note: "newest first, market time, UTC",
    width: "third",
    columns: [{ name: "time" }, { name: "event" }, { name: "of" }, { name: "detail" }],
  },
  signals: {
    id: "signals",
    title: "Signals",
    note: "newest first, end of bar, UTC; with the reason where nothing is staked",
    width: "less",
    columns: [
      { name: "bar" },
      { name: "symbol" },
      number("up", "%"),
      { name: "side" },
      { name: "reason" },
    ],
  },
  orders: {
    id: "orders",
    title: "Orders and fills",
    note: "newest first, market time, UTC",
    width: "more",
    columns: [
      { name: "time" },
      { name: "symbol" },
      { name: "purpose" },
      { name: "side" },
      number("amount"),
      number("filled at", "USD"),
      number("fee", "USD"),
      { name: "status" },
    ],
  },
  log: {
    id: "log",
    title: "Log",
    note: "newest first, machine's clock, UTC",
    width: "most",
    columns: [{ name: "time" }, { name: "level" }, { name: "line" }, { name: "with" }],
  },
};
