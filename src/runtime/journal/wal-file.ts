import { randomUUID } from "node:crypto";
import { type FileHandle, open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../../core/errors.js";
import { flush } from "../../store/flush.js";
import { writeFlushed } from "../../store/write-flushed.js";
import { batchLine, headLine, readWal, type WalBatch, type WalContent } from "./wal-lines.js";

/** The write-ahead file of a run. One call at a time. */
export class WalFile {
  private handle: FileHandle | undefined;
  private bytes = 0;
  private headBytes = 0;

  private constructor(
    private readonly file: string,
    private readonly run: string,
    /** Random, of the file. */
    readonly walId: string,
  ) {}

  /**
   * Opens the file, which is made where there is none. A last line that was cut by a crash is taken away.
   *
   * @param file - its folder exists
   * @returns the file, and the batches that are in it
   * @throws {DataError} it was changed, or belongs to another run or version
   */
  static async open(
    file: string,
    run: string,
  ): Promise<{ readonly wal: WalFile; readonly content: WalContent }> {
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (bytes === undefined) {
      const wal = new WalFile(file, run, randomUUID());
      await wal.rewrite([], 1);
      const head = { run, walId: wal.walId, from: 1 };
      return { wal, content: { head, batches: [], wholeBytes: wal.bytes } };
    }
    const content = readWal(bytes, file);
    if (content.head.run !== run) throw ofAnotherRun(file, content.head.run, run);
    const wal = new WalFile(file, run, content.head.walId);
    await wal.reopen();
    wal.bytes = content.wholeBytes;
    wal.headBytes = bytes.indexOf("\n") + 1;
    if (bytes.length > wal.bytes) {
      await wal.handle!.truncate(wal.bytes);
      await wal.handle!.sync();
    }
    return { wal, content };
  }

  /** Size of the file. */
  get size(): number {
    return this.bytes;
  }

  /** True when no batch is in the file. */
  get isEmpty(): boolean {
    return this.bytes === this.headBytes;
  }

  /**
   * False after a failure, when what the disk holds is not known: the file has to be written anew, of what is waiting,
   * before anything is added.
   */
  get isUsable(): boolean {
    return this.handle !== undefined;
  }

  /**
   * Adds a batch, and waits until it is on the disk.
   *
   * @throws {Error} as the system refuses it; the file is unusable until it was written anew
   */
  async append(batch: WalBatch): Promise<void> {
    const bytes = Buffer.from(batchLine(batch, this.walId));
    try {
      await this.handle!.appendFile(bytes);
      await this.handle!.datasync();
      this.bytes += bytes.length;
    } catch (error) {
      // Whether a line that could not be flushed is there or not cannot be found out by trying again; and one that
      // its writer was told is not there must not come back.
      await this.handle!.truncate(this.bytes).catch(() => {});
      await this.close();
      throw Object.assign(error as Error, { path: this.file });
    }
  }

  /**
   * Replaces the file by one of these batches alone. Whenever it is cut short, one of the two is there.
   *
   * @param from - number of the first of them, or of the one that will be
   */
  async rewrite(batches: readonly WalBatch[], from: number): Promise<void> {
    const aside = `${this.file}.new`;
    const head = headLine({ run: this.run, walId: this.walId, from });
    const text = [head, ...batches.map((batch) => batchLine(batch, this.walId))].join("");
    await writeFlushed(aside, text);
    await this.close();
    await rename(aside, this.file);
    await flush(path.dirname(this.file));
    await this.reopen();
    this.headBytes = head.length;
    this.bytes = Buffer.byteLength(text);
  }

  async close(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    await handle?.close().catch(() => {});
  }

  private async reopen(): Promise<void> {
    this.handle = await open(this.file, "a");
  }
}

function ofAnotherRun(file: string, was: string, expected: string): DataError {
  return new DataError({
    file,
    message: `was of the run "${was}", expected "${expected}"`,
    fix: "move it back to the folder of its run",
  });
}
