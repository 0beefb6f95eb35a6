// What became of the files that were asked for?
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { PartitionKey } from "../store/tables.js";
import type { ReportFacts } from "./facts.js";
import type { MarketLook } from "./market-look.js";

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
