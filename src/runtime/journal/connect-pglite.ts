import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, sql } from "kysely";
import { flush, flushFolder } from "../../store/flush.js";
import type { Connector, Database } from "./database.js";
import { writeEmptyDatabase } from "./empty-database.js";
import { holdFile } from "./hold-file.js";

/**
 * It clears this much of memory whenever it is opened, which by default takes half of that time. What a run asks again
 * and again lies in a few of its pages, and the system keeps the others of its files in memory.
 */
const START_PARAMS = [...PGlite.defaultStartParams, "-c", "shared_buffers=16MB"];

/**
 * The database that needs no server: it lives in this process, and its files in a folder. It outlives kills; after a
 * power cut only what the write-ahead file holds is certain.
 *
 * @param folder - made when it is not there; one process at a time uses it
 */
export function pgliteConnector(folder: string): Connector {
  return {
    place: folder,
    withoutPassword: (text) => text,
    connect: () => connect(folder),
  };
}

async function connect(folder: string): Promise<Database> {
  await mkdir(path.dirname(folder), { recursive: true });
  const release = await holdFile(`${folder}.lock`, "the embedded database");
  try {
    if (!existsSync(folder)) await make(folder);
    const pglite = await PGlite.create(folder, { startParams: START_PARAMS });
    return opened(folder, pglite, release);
  } catch (error) {
    await release();
    throw error;
  }
}

/** Made aside and moved: a database that a kill left half made would never open. */
async function make(folder: string): Promise<void> {
  const aside = `${folder}.new`;
  await rm(aside, { recursive: true, force: true });
  await writeEmptyDatabase(aside);
  await flushFolder(aside);
  await rename(aside, folder);
  await flush(path.dirname(folder));
}

function opened(folder: string, pglite: PGlite, release: () => Promise<void>): Database {
  const db = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) });
  return {
    db,
    isRemote: false,
    lost: new Promise(() => {}),
    setDeadline: () => {},
    flush: async () => {
      await sql`checkpoint`.execute(db);
      // It leaves that to the system, and asks nobody whether it was done.
      await flushFolder(folder);
    },
    drop: async () => {
      // One that has failed cannot be closed either; its files are as a kill leaves them.
      await pglite.close().catch(() => {});
      await release();
    },
  };
}
