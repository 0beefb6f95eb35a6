import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import {
  forgetSetAside,
  leftTemporary,
  makeTemporary,
  putBackLeft,
  removeTemporary,
  spillFolder,
  sweepTemporary,
  temporaryName,
} from "./temporary.js";

/** How much of the machine a store may use. */
export interface StoreOptions {
  /** Threads that read and query. */
  readonly threads?: number;
  /** Memory of DuckDB in MiB; what does not fit is spilled to a folder below the root. */
  readonly memoryMb?: number;
}

/**
 * A folder of verified Parquet partitions and the DuckDB instances that read and write it. DuckDB reaches nothing outside
 * the folder, loads no extension and lets no query change that.
 */
export class Store {
  /** Absolute path. */
  readonly root: string;
  readonly #options: Required<StoreOptions>;
  readonly #name: string = temporaryName();
  readonly #verified: Set<string> = new Set();
  #reader: Promise<DuckDBInstance> | undefined;
  #temporary: Promise<string> | undefined;
  #nextTemporary = 0;

  constructor(root: string, { threads = 2, memoryMb = 2048 }: StoreOptions = {}) {
    this.root = path.resolve(root);
    this.#options = { threads, memoryMb };
  }

  /**
   * A new connection for reading; whoever opened it closes it. It has no views, and what it reads is not checked against
   * manifests: `connectToViews`, `query` and the typed readers do both.
   */
  async connect(): Promise<DuckDBConnection> {
    this.#reader ??= this.#createInstance();
    return (await this.#reader).connect();
  }

  /**
   * A path below the store's temporary folder that nobody has used; the folder itself is there.
   *
   * @throws {OptionError} the root cannot be made or written to
   */
  async temporaryPath(): Promise<string> {
    this.#temporary ??= makeTemporary(this.root, this.#name);
    // A store that wrote nothing for long is taken for a killed run's, and its folder is swept.
    if (!existsSync(await this.#temporary)) {
      this.#temporary = makeTemporary(this.root, this.#name);
    }
    return path.join(await this.#temporary, String(this.#nextTemporary++));
  }

  /** Folders below the root that killed runs have left. */
  async leftovers(): Promise<readonly string[]> {
    return leftTemporary(this.root, this.#name);
  }

  /**
   * Puts back the partitions that runs had taken out of the way, as far as the store can be written to: those of killed
   * runs, or of all, also of such whose host cannot be asked.
   */
  async putBack(whose: { readonly ofAll: boolean }): Promise<void> {
    await putBackLeft(this.root, this.#name, whose);
  }

  /** Removes what any run has taken out of the way of a folder: it never comes back. */
  async forget(folder: string): Promise<void> {
    await forgetSetAside(this.root, folder);
  }

  /** Removes what killed runs have left; writing does so by itself. */
  async sweep(): Promise<void> {
    await sweepTemporary(this.root, this.#name);
  }

  /** Absolute path of a file or folder of the store. */
  path(relative: string): string {
    return path.join(this.root, ...relative.split("/"));
  }

  /** Whether this process has checked a version of a file, known by path, hash, inode and times. */
  isVerified(version: string): boolean {
    return this.#verified.has(version);
  }

  /** Remembers that a version of a file was checked. */
  setVerified(version: string): void {
    this.#verified.add(version);
  }

  /** Ends the DuckDB instances and removes the temporary folder. */
  async close(): Promise<void> {
    const reader = await this.#reader;
    reader?.closeSync();
    this.#reader = undefined;
    const spilled = spillFolder(this.root, this.#name);
    // What cannot be removed now is swept by a later run.
    if (reader !== undefined) {
      await rm(spilled, { recursive: true, force: true }).catch(() => undefined);
    }
    const temporary = await this.#temporary?.catch(() => undefined);
    this.#temporary = undefined;
    if (temporary !== undefined) await removeTemporary(this.root, this.#name);
  }

  async #createInstance(): Promise<DuckDBInstance> {
    // Loaded with the first query: bringing files in does without it.
    const duckdb = await import("@duckdb/node-api");
    const instance = await duckdb.DuckDBInstance.create(":memory:", {
      threads: String(this.#options.threads),
      memory_limit: `${this.#options.memoryMb}MiB`,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      temp_directory: spillFolder(this.root, this.#name),
    });
    const connection = await instance.connect();
    // Paths reach DuckDB both as they are (COPY TO) and with their wildcards escaped (read_parquet).
    const folders = [this.root, escapeGlob(this.root)].map((folder) => quote(`${folder}/`));
    await connection.run(`SET allowed_directories = [${folders.join(", ")}]`);
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
    connection.closeSync();
    return instance;
  }
}

/**
 * Opens a store. Nothing is created on disk until something is written.
 *
 * @param root - folder of the store, there or not
 */
export async function openStore(root: string, options: StoreOptions = {}): Promise<Store> {
  return new Store(root, options);
}

/** A text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A path whose wildcard characters stand for themselves where DuckDB expects a pattern. */
export function escapeGlob(file: string): string {
  return file.replace(/[*?[]/g, "[$&]");
}
