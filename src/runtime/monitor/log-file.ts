import { closeSync, existsSync, fstatSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import path from "node:path";

/** How much of a log is kept. */
export interface LogFileOptions {
  /** A file of this size is put aside and a new one begun. */
  readonly mostBytes?: number;
  /** Files that are kept beside the one being written. */
  readonly kept?: number;
}

/**
 * A log file of bounded size: `log.jsonl`, and what was before it in `log.1.jsonl` to `log.4.jsonl`, the newest first. Each
 * line is with the operating system when `write` returns, so that a killed process has written what it said. A disk that
 * is full costs lines, which are counted, and never stops the run.
 */
export class LogFile {
  private readonly file: string;
  private readonly mostBytes: number;
  private readonly kept: number;
  private handle: number | undefined;
  private bytes = 0;
  private lostLines = 0;

  constructor(file: string, { mostBytes = 16 << 20, kept = 4 }: LogFileOptions = {}) {
    this.file = file;
    this.mostBytes = mostBytes;
    this.kept = kept;
    this.open();
  }

  /** Lines that could not be written. */
  get lost(): number {
    return this.lostLines;
  }

  /** Writes a line with its end. */
  write(line: string): void {
    try {
      if (this.bytes >= this.mostBytes) this.turn();
      const bytes = Buffer.from(line);
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.handle!, bytes, done, bytes.length - done);
      }
      this.bytes += bytes.length;
    } catch {
      // Nothing can be said about it here.
      this.lostLines += 1;
    }
  }

  close(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
  }

  private open(): void {
    this.handle = openSync(this.file, "a", 0o600);
    this.bytes = fstatSync(this.handle).size;
  }

  private turn(): void {
    this.close();
    try {
      rmSync(this.numbered(this.kept), { force: true });
      for (let i = this.kept - 1; i >= 1; i--) {
        if (existsSync(this.numbered(i))) renameSync(this.numbered(i), this.numbered(i + 1));
      }
      if (this.kept > 0) renameSync(this.file, this.numbered(1));
      else rmSync(this.file);
    } finally {
      this.open();
    }
  }

  private numbered(number: number): string {
    const { dir, name, ext } = path.parse(this.file);
    return path.join(dir, `${name}.${number}${ext}`);
  }
}
