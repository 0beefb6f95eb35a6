// How does the write-ahead file look, and is it whole?
import { createHash } from "node:crypto";
import { DataError } from "../../core/errors.js";
import type { PlainRecord, PlainValue } from "./record-text.js";
import type { RecordKind } from "./tables.js";

/** Form of the file; it changes with the fields of the records. */
const FORMAT = 1;

const LINE = /^(\d+) ([0-9a-f]{64}) (.*)$/s;

/** First line of the file. */
export interface WalHead {
  readonly run: string;
  /** Random, of the file; stays when it is cut. */
  readonly walId: string;
  /** Number of the first batch that is or will be in it; those before were shipped. */
  readonly from: number;
}

/** A batch in the file. */
export interface WalBatch {
  readonly number: number;
  readonly records: readonly PlainRecord[];
}

/** What the file holds. */
export interface WalContent {
  readonly head: WalHead;
  readonly batches: readonly WalBatch[];
  /** What follows was not whole when a process or machine went down, and nobody was told that it is there. */
  readonly wholeBytes: number;
}

/** The first line. */
export function headLine(head: WalHead): string {
  return line(0, JSON.stringify({ format: FORMAT, ...head }), "");
}

/** The line of a batch. */
export function batchLine({ number, records }: WalBatch, walId: string): string {
  const plain = records.map(({ kind, values }) => [kind, ...values]);
  return line(number, JSON.stringify(plain), walId);
}

/**
 * What a file holds, every byte checked.
 *
 * @param file - to be named in the error
 * @throws {DataError} a line was changed, removed, added or moved, or the file is of a newer version
 */
export function readWal(bytes: Buffer, file: string): WalContent {
  const wholeBytes = wholeLength(bytes);
  const lines = bytes.toString("utf8", 0, wholeBytes).split("\n").slice(0, -1);
  const head = readHead(lines[0] ?? "", file);
  const batches = lines.slice(1).map((text, i) => {
    const json = contentOf(text, head.from + i, head.walId);
    if (json === undefined) throw damaged(file, i + 2);
    return { number: head.from + i, records: recordsOf(json) };
  });
  return { head, batches, wholeBytes };
}

/** Up to the last line end; a power cut can leave holes in what was being written last, and those read as zeros. */
function wholeLength(bytes: Buffer): number {
  const end = bytes.lastIndexOf("\n") + 1;
  const start = end < 2 ? 0 : bytes.lastIndexOf("\n", end - 2) + 1;
  return start > 0 && bytes.subarray(start, end).includes(0) ? start : end;
}

function readHead(text: string, file: string): WalHead {
  const json = contentOf(text, 0, "");
  if (json === undefined) throw damaged(file, 1);
  const { format, ...head } = JSON.parse(json) as WalHead & { readonly format: number };
  if (format === FORMAT) return head;
  throw new DataError({
    file,
    message: `was of format ${format}, expected ${FORMAT}`,
    fix: "let the version of tickbook that wrote it ship what it holds, then go on with this one",
  });
}

function line(number: number, json: string, walId: string): string {
  return `${number} ${hashOf(number, json, walId)} ${json}\n`;
}

function contentOf(text: string, number: number, walId: string): string | undefined {
  const [, found, hash, json = ""] = LINE.exec(text) ?? [];
  const isWhole = Number(found) === number && hash === hashOf(number, json, walId);
  return isWhole ? json : undefined;
}

function hashOf(number: number, json: string, walId: string): string {
  return createHash("sha256").update(`${walId} ${number} ${json}`).digest("hex");
}

function recordsOf(json: string): readonly PlainRecord[] {
  const plain = JSON.parse(json) as readonly (readonly [RecordKind, ...PlainValue[]])[];
  return plain.map(([kind, ...values]) => ({ kind, values }));
}

function damaged(file: string, row: number): DataError {
  return new DataError({
    file,
    row,
    message: "was changed after it was written",
    fix: "bring the file back from a copy; what it holds may not be in the database yet",
  });
}
