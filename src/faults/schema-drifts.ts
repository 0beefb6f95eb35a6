import type { Random } from "../core/random.js";
import { textOf } from "./sample-files.js";

/** A vendor file that is not as the vendor wrote it. */
export interface DriftedFile {
  readonly bytes: Buffer;
  /** Header and right rows, when a reader may go on without the others; undefined when it may not. */
  readonly goodLines?: readonly string[];
  /** Rows that such a reader has to count as left out. */
  readonly badRows?: number;
}

/** One way in which files drift away from their schema. */
export interface Drift {
  readonly name: string;
  /** @param lines - header and rows of a right file, without line ends */
  readonly apply: (lines: readonly string[], random: Random) => DriftedFile;
}

/** Fields of a line. */
type Row = readonly string[];

/** Place of `timestamp` and `local_timestamp`; what they are before, they are in every type. */
const TIMES = [2, 3] as const;

/** Ways of drifting by what they touch: header and rows alike unless the name says otherwise. */
export const DRIFTS: Readonly<Record<string, readonly Drift[]>> = {
  columns: [
    eachLine("a column added at the end", (row, i) => [...row, i === 0 ? "fee" : "0"]),
    eachLine("a column added in front", (row, i) => [i === 0 ? "row" : String(i), ...row]),
    eachLine("a column added within", (row, i) => [
      ...row.slice(0, 5),
      i === 0 ? "note" : "",
      ...row.slice(5),
    ]),
    eachLine("a column added to rows only", (row, i) => (i === 0 ? row : [...row, "1"])),
    eachLine("a column missing", (row) => without(row, 4)),
    eachLine("the last column missing", (row) => row.slice(0, -1)),
    eachLine("a column missing in rows only", (row, i) => (i === 0 ? row : without(row, 4))),
    eachLine("names left out", (row) => row.slice(2)),
    eachLine("columns in another order", (row) => swapped(row, row.length - 1, row.length - 2)),
    eachLine("times in another order", (row) => swapped(row, ...TIMES)),
    eachLine("columns in reverse", (row) => [...row].reverse()),
    eachLine("a column renamed", (row, i) => (i === 0 ? replaced(row, 3, () => "received") : row)),
    eachLine("names of two columns exchanged", (row, i) =>
      i === 0 ? swapped(row, row.length - 1, row.length - 2) : row,
    ),
    eachLine("names in capitals", (row, i) => (i === 0 ? row.map((n) => n.toUpperCase()) : row)),
  ],
  "encoding and line ends": [
    whole("a byte order mark", (text) => Buffer.concat([Buffer.from("\uFEFF"), text])),
    whole("UTF-16", (text) => Buffer.from(`\uFEFF${text.toString()}`, "utf16le")),
    whole("lines ended by CR LF", (text) => Buffer.from(text.toString().replaceAll("\n", "\r\n"))),
    whole("lines ended by CR", (text) => Buffer.from(text.toString().replaceAll("\n", "\r"))),
    whole("rows, but not the header, ended by CR LF", (text) => {
      const [header, ...rows] = text.toString().split("\n");
      return Buffer.from(`${header}\n${rows.join("\r\n")}`);
    }),
  ],
  "units of time": [
    times("times in ms", (us) => String(Math.floor(Number(us) / 1000))),
    times("times in s", (us) => String(Math.floor(Number(us) / 1e6))),
    times("times in s with decimals", (us) => (Number(us) / 1e6).toFixed(6)),
    times("times in ns", (us) => `${us}000`),
    times("times as ISO dates", (us) => new Date(Number(us) / 1000).toISOString()),
    times("times with an exponent", (us) => Number(us).toExponential()),
    eachLine("exchange time alone in ms", (row, i) =>
      i === 0 ? row : replaced(row, TIMES[0], (us) => us.slice(0, -3)),
    ),
    eachLine("arrival alone in ms", (row, i) =>
      i === 0 ? row : replaced(row, TIMES[1], (us) => us.slice(0, -3)),
    ),
  ],
  "separators and numbers": [
    whole("semicolons for commas", (text) => Buffer.from(text.toString().replaceAll(",", ";"))),
    whole("tabs for commas", (text) => Buffer.from(text.toString().replaceAll(",", "\t"))),
    eachLine("fields in quotes", (row) => row.map((field) => `"${field}"`)),
    eachLine("fields of rows in quotes", (row, i) =>
      i === 0 ? row : row.map((field) => `"${field}"`),
    ),
    eachLine("spaces around fields of rows", (row, i) =>
      i === 0 ? row : row.map((f) => ` ${f} `),
    ),
    eachLine("decimal commas", (row, i) => (i === 0 ? row : row.map((f) => f.replace(".", ",")))),
    eachLine("quoted decimal commas", (row, i) =>
      i === 0 ? row : row.map((f) => (f.includes(".") ? `"${f.replace(".", ",")}"` : f)),
    ),
    eachLine("prices with a unit", (row, i) =>
      i === 0 ? row : replaced(row, row.length - 2, (f) => `${f} USD`),
    ),
  ],
  "another file's rows": [
    eachLine("the symbol of another file", (row, i) =>
      i === 0 ? row : replaced(row, 1, () => "ETHUSDT"),
    ),
    eachLine("the exchange of another file", (row, i) =>
      i === 0 ? row : replaced(row, 0, () => "bitmex"),
    ),
    times("rows of the day before", (us) => String(Number(us) - 86_400e6)),
    times("rows of the day after", (us) => String(Number(us) + 86_400e6)),
  ],
  "the file's shape": [
    whole("no header", (text) => text.subarray(text.indexOf("\n") + 1)),
    whole("no line end after the last row", (text) => text.subarray(0, -1)),
    whole("the last row cut short", (text) => text.subarray(0, -3)),
    whole("one line end and nothing else", () => Buffer.from("\n")),
    { name: "rows in reverse", apply: ([header, ...rows]) => file([header!, ...rows.reverse()]) },
    // Days without rows, which have to be told as such.
    {
      name: "a header alone",
      apply: ([header]) => ({ ...file([header!]), goodLines: [header!], badRows: 0 }),
    },
    {
      name: "nothing at all",
      apply: ([header]) => ({ ...file([]), goodLines: [header!], badRows: 0 }),
    },
  ],
  "one bad row": [
    oneRow("a blank line", () => ""),
    oneRow("the header again", (_, header) => header),
    oneRow("a row of another symbol", (row) => replaced(row.split(","), 1, () => "ETHUSDT").join()),
    oneRow("a row of the day after", (row) =>
      replaced(row.split(","), TIMES[1], (us) => String(Number(us) + 86_400e6)).join(),
    ),
    oneRow("a row in ms", (row) =>
      replaced(row.split(","), TIMES[0], (us) => us.slice(0, -3)).join(),
    ),
    oneRow("a row with a CR", (row) => `${row}\r`),
    oneRow("a row with a NUL", (row) => `${row}\0`),
    oneRow("a row cut short", (row) => row.slice(0, row.lastIndexOf(","))),
    oneRow("two rows in one", (row) => `${row},${row}`),
  ],
};

/** A drift that changes every line's fields; the header is line 0. */
function eachLine(name: string, change: (row: Row, line: number) => Row): Drift {
  return { name, apply: (lines) => file(lines.map((l, i) => change(l.split(","), i).join(","))) };
}

/** A drift of both times of all rows. */
function times(name: string, change: (us: string) => string): Drift {
  return eachLine(name, (row, i) =>
    i === 0 ? row : TIMES.reduce<Row>((changed, at) => replaced(changed, at, change), row),
  );
}

/** A drift of the text as a whole. */
function whole(name: string, change: (text: Buffer) => Buffer): Drift {
  return { name, apply: (lines) => ({ bytes: change(textOf(lines)) }) };
}

/** A drift of one row in the middle, which may be left out and counted. */
function oneRow(name: string, change: (row: string, header: string) => string): Drift {
  return {
    name,
    apply: (lines, random) => {
      const at = 1 + random.below(lines.length - 1);
      const bad = change(lines[at]!, lines[0]!);
      const goodLines = lines.filter((_, i) => i !== at);
      const changed = lines.map((line, i) => (i === at ? bad : line));
      return { ...file(changed), goodLines, badRows: 1 };
    },
  };
}

function file(lines: readonly string[]): DriftedFile {
  return { bytes: textOf(lines) };
}

function without(row: Row, at: number): Row {
  return row.filter((_, i) => i !== at);
}

function replaced(row: Row, at: number, change: (field: string) => string): Row {
  return row.map((field, i) => (i === at ? change(field) : field));
}

function swapped(row: Row, a: number, b: number): Row {
  return row.map((field, i) => (i === a ? row[b]! : i === b ? row[a]! : field));
}
