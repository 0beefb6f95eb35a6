import { visibleText } from "./visible-text.js";

/** Where a problem lies and how to mend it; every field that is known is printed. */
export interface ErrorPlace {
  /** What was wrong, as the end of a sentence: `was "-1.0", expected a positive number`. */
  readonly message: string;
  readonly file?: string;
  /** Line or row counted from 1, header included. */
  readonly row?: number;
  readonly column?: string;
  /** What to do about it, as an imperative: "fetch the file again with `npx tickbook ingest`". */
  readonly fix?: string;
}

/** Base of every error the workbench throws on purpose; its message is one sentence with place and remedy. */
export class WorkbenchError extends Error {
  /** Exit code of the command line: 1 a check or partition failed, 2 wrong usage or input. */
  readonly exitCode: 1 | 2 = 1;
  readonly place: ErrorPlace;

  constructor(place: ErrorPlace) {
    super(sentence(place));
    this.name = new.target.name;
    this.place = place;
  }
}

/** Data that cannot be used as it is: a damaged file, a bad row, a manifest that does not match. */
export class DataError extends WorkbenchError {}

/** Columns whose lengths or shapes do not fit together. */
export class ShapeError extends WorkbenchError {}

/** An argument or setting that the caller has to change. */
export class OptionError extends WorkbenchError {
  override readonly exitCode = 2;
}

/** A promotion or use of a model that its gates refuse. */
export class GateError extends WorkbenchError {}

function sentence({ file, row, column, message, fix }: ErrorPlace): string {
  const place = [file, row === undefined ? undefined : `row ${row}`, column]
    .filter((part) => part !== undefined)
    .join(", ");
  const what = place === "" ? message : `${place}: ${message}`;
  return visibleText(fix === undefined ? what : `${what}; ${fix}`);
}
