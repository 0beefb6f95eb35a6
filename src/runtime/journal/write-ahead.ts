import { DataError } from "../../core/errors.js";
import type { Database } from "./database.js";
import type { PlainRecord } from "./record-text.js";
import type { Shipper, Waiting } from "./shipper.js";
import type { WalFile } from "./wal-file.js";
import type { WalBatch, WalContent } from "./wal-lines.js";

/** What records need before their writer goes on. */
export type Needs = "database" | "local";

/** What became of records that were to be written. */
interface Placed {
  readonly waiting: Waiting;
  /** Why they are not in the file; undefined where they are. */
  readonly failure: DataError | undefined;
}

interface Write {
  readonly records: readonly PlainRecord[];
  readonly needs: Needs;
  readonly resolve: (placed: Placed) => void;
  readonly reject: (error: Error) => void;
}

/** Writes that come while the disk is busy share the next line of the file, and one wait for the disk. */
export class WriteAhead {
  private writes: Write[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  /** Batches since the last checkpoint, in order. */
  private since: WalBatch[];
  private readonly keeps: boolean;
  /** Size of the file after it was last written anew. */
  private leastBytes = 0;
  /** Number of the next batch. */
  private next: number;

  /**
   * @param content - what the file holds
   * @param options.keeps - batches stay in the file until a checkpoint, also when they were shipped
   */
  constructor(
    private readonly wal: WalFile,
    private readonly shipper: Shipper,
    { head, batches }: WalContent,
    { keeps }: { readonly keeps: boolean },
  ) {
    this.keeps = keeps;
    this.since = keeps ? [...batches] : [];
    this.next = head.from + batches.length;
  }

  /** Batches of the file since the last checkpoint; none where they are not kept. */
  get kept(): readonly WalBatch[] {
    return this.since;
  }

  /** Number of the last batch that is in the file, or was in it. */
  get lastNumber(): number {
    return this.next - 1;
  }

  /** What was written so far is not asked for any more. */
  checkpoint(): void {
    this.since = [];
  }

  /**
   * Adds records to the file, and to what is to be shipped. Those that need no database are shipped also where the
   * file cannot be written.
   *
   * @throws {DataError} they need the file, and it cannot be written
   */
  async write(records: readonly PlainRecord[], needs: Needs): Promise<Placed> {
    return await new Promise<Placed>((resolve, reject) => {
      this.writes.push({ records, needs, resolve, reject });
      if (this.writes.length === 1) void this.inTurn(() => this.writeAll());
    });
  }

  /** Cuts the file when all that is in it has been shipped, and it is large or the end has come. */
  async cut(
    database: Database,
    { isClosing, cutBytes }: { readonly isClosing: boolean; readonly cutBytes: number },
  ): Promise<void> {
    if (this.wal.isEmpty || (!isClosing && this.wal.size < this.leastBytes + cutBytes)) return;
    await database.flush();
    // A disk that has no room for the shorter file keeps the longer one.
    await this.inTurn(() => this.rewrite()).catch(() => {});
  }

  /** Returns when everything that was to be written has been. */
  async settled(): Promise<void> {
    await this.inTurn(async () => {});
  }

  async close(): Promise<void> {
    await this.inTurn(() => this.wal.close());
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => {});
    return await result;
  }

  private async writeAll(): Promise<void> {
    const writes = this.writes.splice(0);
    const batch = { number: this.next, records: writes.flatMap(({ records }) => records) };
    try {
      if (!this.wal.isUsable) await this.rewrite();
      await this.wal.append(batch);
    } catch (error) {
      this.shipOnly(writes, unwritable(error));
      return;
    }
    this.next++;
    if (this.keeps) this.since.push(batch);
    const waiting = this.shipper.add(batch);
    for (const { resolve } of writes) resolve({ waiting, failure: undefined });
  }

  /** Without a line of the file, such a batch has no number: written again, its keys alone make it once. */
  private shipOnly(writes: readonly Write[], failure: DataError): void {
    for (const { needs, reject } of writes) if (needs === "database") reject(failure);
    const left = writes.filter(({ needs }) => needs === "local");
    if (left.length === 0) return;
    const records = left.flatMap((write) => write.records);
    const waiting = this.shipper.add({ number: undefined, records });
    for (const { resolve } of left) resolve({ waiting, failure });
  }

  private async rewrite(): Promise<void> {
    const unshipped = this.shipper.unshipped.filter(
      (batch): batch is WalBatch => batch.number !== undefined,
    );
    // Both are the last ones of the file.
    const batches = unshipped.length > this.since.length ? unshipped : this.since;
    await this.wal.rewrite(batches, batches[0]?.number ?? this.next);
    this.leastBytes = this.wal.size;
  }
}

function unwritable(error: unknown): DataError {
  const { path: file, code = "no reason" } = error as NodeJS.ErrnoException;
  return new DataError({
    ...(file === undefined ? {} : { file }),
    message: `could not be written (${code})`,
    fix: "make room on the disk, or let this user write there; nothing new is begun until then",
  });
}
