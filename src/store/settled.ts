// Reading the store while other runs replace partitions.
import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Manifest, readManifestFile } from "./manifest.js";
import { setAside } from "./replaced.js";
import { folderStamp } from "./stamp.js";
import type { Store } from "./store.js";
import { runFolders, TEMPORARY } from "./temporary.js";
import { UnreadableError } from "./unreadable.js";

/** Putting a partition into its place takes two renames in a row, which no reader has to wait for long. */
const TRIES = 40;
const WAIT_MS = 50;

/** From then on a run is taken for one that was killed or stands still, wherever it is. */
const PATIENT_TRIES = 20;

/** Looks in a row that have to miss something before it is taken for absent. */
const LOOKS = 3;

/** Lists that have to miss it; they are apart, so that they do not all meet a run that replaces without a pause. */
const LIST_LOOKS = 5;
const BETWEEN_LOOKS_MS = 3;

/**
 * The manifest of a folder, also when the partition is just being replaced. One that a killed run had taken out of the way
 * is put back.
 *
 * @returns undefined when there is no partition
 * @throws {DataError} it cannot be read, or is out of its place and stays there
 */
export async function settledManifest(store: Store, folder: string): Promise<Manifest | undefined> {
  for (let absent = 0, away = 0; ; ) {
    // After the first look, whether something is there is asked first: it takes a third of the time.
    if (absent === 0 || existsSync(store.path(`${folder}/manifest.json`))) {
      const manifest = await readManifestFile(store.root, folder);
      if (manifest !== undefined) return manifest;
    }
    if (!(await foldersAway(store)).includes(folder)) {
      // It may have come into its place between two looks: only further ones tell.
      if (++absent === LOOKS) return undefined;
      continue;
    }
    if (++away === TRIES) throw new OutOfPlaceError(folder);
    if (away === 1) await store.putBack({ ofAll: false });
    else if (away === PATIENT_TRIES) await store.putBack({ ofAll: true });
    else await sleep(WAIT_MS);
  }
}

/**
 * Lists folders with those that are just being replaced.
 *
 * @param options.list - gives folders below the root, with forward slashes
 * @param options.isAsked - whether it would list a folder that is there
 * @throws {DataError} the folders of runs cannot be read
 */
export async function listSettled(
  store: Store,
  {
    list,
    isAsked,
  }: {
    readonly list: () => Promise<readonly string[]>;
    readonly isAsked: (folder: string) => boolean;
  },
): Promise<readonly string[]> {
  const before = await writersStamp(store);
  const away = [...(await foldersAway(store))];
  const listed = await list();
  const all = new Set(listed);
  const isQuiet = before !== undefined && before === (await writersStamp(store));
  // While runs write, what one look misses between two renames another sees.
  for (let look = 1; look < LIST_LOOKS && !isQuiet; look++) {
    await sleep(BETWEEN_LOOKS_MS);
    for (const folder of await list()) all.add(folder);
  }
  away.push(...(await foldersAway(store)));
  for (const folder of away) if (isAsked(folder)) all.add(folder);
  if (all.size === listed.length) return listed;
  const steps = (folder: string): string => folder.replaceAll("/", "\0");
  return [...all].sort((a, b) => (steps(a) < steps(b) ? -1 : 1));
}

/** A partition is out of its place, and nobody could put it back. */
export class OutOfPlaceError extends UnreadableError {
  constructor(folder: string) {
    super({
      file: folder,
      message: "was taken out of its place by a run that was to replace it",
      fix: "run `npx tickbook store prune --yes` as a user who may write to the store: it puts it back",
    });
  }
}

/** The same text as long as no run writes; undefined while one may. */
async function writersStamp({ root }: Store): Promise<string | undefined> {
  if ((await runFolders(root)).length > 0) return undefined;
  // A run makes its folder and removes it, and with the first and the last the folder around.
  return `${await folderStamp(root)}, ${await folderStamp(path.join(root, TEMPORARY))}`;
}

async function foldersAway({ root }: Store): Promise<readonly string[]> {
  return (await setAside(root, await runFolders(root))).map(({ folder }) => folder);
}
