// What became of the files that were asked for?
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { PartitionKey } from "../store/tables.js";
import type { ReportFacts } from "./facts.js";
import { perSecond } from "./ingest-progress.js";
import type { MarketLook } from "./market-look.js";
import { filesText } from "./quantity-text.js";
import type { StoredVolume } from "./store-volumes.js";
import type { Cell, Table } from "./table.js";

/** A file and what became of it. */
export interface IngestedFile extends PartitionKey {
  readonly status: "written" | "kept" | "absent" | "failed";
  readonly rows: number;
  readonly rejected: number;
  readonly reason?: string;
}

/** Files counted by what became of them, and their rows. */
export interface IngestTotals {
  readonly files: number;
  readonly written: number;
  readonly kept: number;
  readonly absent: number;
  readonly failed: number;
  readonly rows: number;
  readonly rejected: number;
}

/** Counts files and rows. */
export function ingestTotals(files: readonly IngestedFile[]): IngestTotals {
  const count = (status: IngestedFile["status"]): number =>
    files.filter((file) => file.status === status).length;
  return {
    files: files.length,
    written: count("written"),
    kept: count("kept"),
    absent: count("absent"),
    failed: count("failed"),
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    rejected: files.reduce((sum, { rejected }) => sum + rejected, 0),
  };
}

/** Columns of the result table that hold sums, in order. */
type ResultSums = readonly [
  written: number,
  kept: number,
  absent: number,
  failed: number,
  rows: number,
  rejected: number,
  gzipBytes: number,
  parquetBytes: number,
];

/** What became of the files by symbol and type, with their sizes before and after, and the sums of all. */
export function ingestTable({
  files,
  volumes,
}: {
  readonly files: readonly IngestedFile[];
  readonly volumes: readonly StoredVolume[];
}): Table {
  const name = ({ symbol, type }: PartitionKey): string => `${symbol} ${type}`;
  const streams = [...new Map(files.map((file) => [name(file), file])).values()];
  const row = (symbol: string, type: string, sums: ResultSums): readonly Cell[] => {
    const [gzipBytes, parquetBytes] = sums.slice(6) as [number, number];
    const ratio = parquetBytes / gzipBytes;
    return [symbol, type, ...sums.slice(0, 6), gzipBytes / 1e6, parquetBytes / 1e6, ratio];
  };
  const ofStream = (stream: PartitionKey): ResultSums => {
    const own = (one: PartitionKey): boolean => name(one) === name(stream);
    return resultSums(files.filter(own), volumes.filter(own));
  };
  return {
    caption: "What became of the files",
    columns: [
      { name: "symbol" },
      { name: "type", kind: "code" },
      ...["written", "kept", "absent", "failed", "rows", "rejected"].map((head) => ({
        name: head,
      })),
      { name: "csv.gz", unit: "MB", digits: 2 },
      { name: "Parquet", unit: "MB", digits: 2 },
      { name: "Parquet ÷ csv.gz", digits: 2 },
    ],
    rows: [
      ...streams.map((stream) => row(stream.symbol, stream.type, ofStream(stream))),
      row("all", "all", resultSums(files, volumes)),
    ],
  };
}

function resultSums(files: readonly IngestedFile[], volumes: readonly StoredVolume[]): ResultSums {
  const { written, kept, absent, failed, rows, rejected } = ingestTotals(files);
  const gzipBytes = volumes.reduce((sum, volume) => sum + volume.gzipBytes, 0);
  const parquetBytes = volumes.reduce((sum, volume) => sum + volume.parquetBytes, 0);
  return [written, kept, absent, failed, rows, rejected, gzipBytes, parquetBytes];
}

/** In words: how fast rows came in, from the source's bytes to committed Parquet; `seconds` are those of the whole run. */
export function speedFindings({
  files,
  seconds,
}: {
  readonly files: readonly IngestedFile[];
  readonly seconds: number;
}): string {
  const written = files.filter(({ status }) => status === "written");
  const rows = written.reduce((sum, file) => sum + file.rows, 0);
  if (rows === 0) {
    return `Every file was in the store already; finding that out took ${seconds.toFixed(1)} s, and nothing was written that could be called a speed.`;
  }
  return `**${perSecond(rows / seconds)}**: ${count(rows)} rows of ${filesText(written.length)} in ${seconds.toFixed(1)} s, from the source's bytes to committed Parquet, every row checked.`;
}

/** In words: how many files and rows are in the store, and which files are not, with the reason. */
export function ingestFindings(files: readonly IngestedFile[]): string {
  const totals = ingestTotals(files);
  const lines = [
    `**${count(totals.rows)} rows** of ${totals.files - totals.absent - totals.failed} files are in the store` +
      ` (${totals.written} fetched now, ${totals.kept} were there); ${count(totals.rejected)} rows broke a rule and were set aside.`,
  ];
  const failed = files.filter(({ status }) => status === "failed");
  for (const { symbol, type, date, reason } of failed) {
    lines.push(`- **${symbol} ${type} ${date} failed:** ${reason ?? "no reason given"}`);
  }
  if (totals.absent > 0) {
    const absent = files.filter(({ status }) => status === "absent").slice(0, 8);
    const names = absent.map(({ symbol, type, date }) => `${symbol} ${type} ${date}`);
    const more = totals.absent > names.length ? " and others" : "";
    lines.push(`- ${totals.absent} files are not at the source: ${names.join(", ")}${more}.`);
  }
  return lines.join("\n");
}

/** The notebook's answer: whether what was asked for is in the store, and whether it looks like a market. */
export function ingestAnswer(
  files: readonly IngestedFile[],
  looks: readonly MarketLook[] | Shortfall,
): ReportFacts {
  const { failed, absent, rows, files: all } = ingestTotals(files);
  const figures = { rows };
  if (failed > 0) {
    const answer = `No: ${failed} of ${all} files are damaged and were left out; ${count(rows)} rows are in the store.`;
    return { verdict: "fail", answer, figures };
  }
  const missing = absent > 0 ? ` (${absent} files do not exist at the source)` : "";
  const likeness = isShortfall(looks)
    ? "there are too few minutes to say whether it looks like a market"
    : `${looks.length === 1 ? "it has" : "all symbols have"} ${likenessWords(looks)}`;
  return {
    verdict: isShortfall(looks) ? "undecided" : "pass",
    answer: `Yes: ${count(rows)} rows are stored as they were sent${missing}, and ${likeness}.`,
    figures,
  };
}

function likenessWords(looks: readonly MarketLook[]): string {
  const hasFatTails = looks.every(({ beyondFourSigma }) => beyondFourSigma > 1e-4);
  const hasClusters = looks.every(
    ({ absoluteAutocorrelation, rows }) => absoluteAutocorrelation[0]! > 2 / Math.sqrt(rows),
  );
  const words = [
    hasFatTails ? "fat tails" : "no fat tails",
    hasClusters ? "volatility that clusters" : "no clustering of volatility",
  ];
  return words.join(" and ");
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
