// What does a try leave behind?
import { readdir, rm, utimes } from "node:fs/promises";
import path from "node:path";
import { DAY_US, dateOf, dayStartUs } from "../../core/time.js";
import { listPartitions } from "../../store/list.js";
import { partitionFolder } from "../../store/partition.js";
import { pruneStore } from "../../store/prune.js";
import { openStore, type Store } from "../../store/store.js";
import { compareStores } from "../compare-stores.js";
import { commitVersion } from "./commit-version.js";
import type { Flaw } from "./judge.js";
import type { Together } from "./kinds.js";
import type { TradesKey } from "./plan.js";
import type { TryScene } from "./try-scene.js";

/** After this time nobody is waited for. */
const LATER_MS = (2 * DAY_US) / 1000;

/**
 * Lets one more run put back what was there first, prune what leftovers there are, and after a kill a partition too; compares
 * the store with what it was then.
 *
 * @returns what was lost, came back or was left over
 */
export async function checkLeft(
  { common: { root, keys }, versions: [first], start }: TryScene,
  { kill, pruned }: Together,
): Promise<Flaw | undefined> {
  const source = { root: first.root };
  const store = await openStore(root);
  try {
    for (const key of keys) await commitVersion(store, key, { ...source, key });
    if (pruned === "leftovers") await pruneStore(store, { what: "leftovers", isFinal: true });
    const [key] = keys as readonly [TradesKey];
    if (kill !== undefined) {
      const returned = await returnedAfterPrune(store, key);
      if (returned !== undefined) return returned;
      await commitVersion(store, key, { ...source, key });
    }
  } catch (error) {
    return { kind: "loud", what: `the next run was told: ${(error as Error).message}` };
  } finally {
    await store.close();
  }
  // Only time tells that a run on another host, or one that seems to live, is dead.
  if (kill?.isElsewhere === true || kill?.isUnnoticed === true) {
    await rm(path.join(root, ".tmp"), { recursive: true, force: true });
  }
  const { isSame, lost, duplicated, isSilent, what } = await compareStores(root, start);
  if (isSame) return undefined;
  const kind = lost > 0 ? "lost" : duplicated > 0 ? "duplicated" : isSilent ? "silent" : "loud";
  return { kind, what: `afterwards ${what}` };
}

/** What a killed run has set aside has a successor: when that is pruned, the older one must not come back in its place. */
async function returnedAfterPrune(store: Store, key: TradesKey): Promise<Flaw | undefined> {
  const { type, exchange, symbol, date } = key;
  const to = dateOf(dayStartUs(date) + DAY_US);
  const filter = { types: [type], exchange, symbols: [symbol], from: date, to };
  const folder = partitionFolder(key);
  const gone = await pruneStore(store, { filter, what: "selected", isFinal: true });
  const what = `${folder} was pruned after a kill and`;
  if (!gone.some((one) => one.folder === folder)) return { kind: "loud", what: `${what} stayed` };
  const temporary = path.join(store.root, ".tmp");
  const long = new Date(Date.now() - LATER_MS);
  for (const name of await readdir(temporary, { recursive: true }).catch(() => [])) {
    await utimes(path.join(temporary, name), long, long);
  }
  const listed = await listPartitions(store);
  if (!listed.some((one) => one.folder === folder)) return undefined;
  return { kind: "silent", what: `${what} came back` };
}
