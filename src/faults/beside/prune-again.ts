import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { DAY_US, dateOf, dayStartUs } from "../../core/time.js";
import { listPartitions } from "../../store/list.js";
import { PARQUET_FILE, partitionFolder } from "../../store/partition.js";
import { openStore, type Store } from "../../store/store.js";
import { runCommand } from "../run-command.js";
import { commitVersion } from "./commit-version.js";
import { type Flaw, worse } from "./judge.js";
import { isMarked, setMark } from "./marks.js";
import type { PrunePlan } from "./plan.js";

/** What a pruning process did. */
export interface PruneReport {
  readonly prunes: number;
  /** What is missing to what it was to do; empty when nothing is. */
  readonly lacks: string;
  readonly flaw?: Flaw;
}

/** Makes and prunes something beside the replaced partitions until it is stopped. */
export async function pruneAgain(plan: PrunePlan): Promise<PruneReport> {
  const { root, marks, name, least } = plan;
  let flaw: Flaw | undefined;
  let prunes = 0;
  setMark(marks, `ready-${name}`);
  for (; !isMarked(marks, "stop"); prunes++) {
    if (prunes >= least || flaw !== undefined) setMark(marks, `enough-${name}`);
    const store = await openStore(root);
    try {
      flaw = worse(flaw, await makeAndPrune(store, plan, prunes));
    } catch (error) {
      flaw = worse(flaw, { kind: "loud", what: `a run was told: ${(error as Error).message}` });
    } finally {
      await store.close();
    }
  }
  const lacks = prunes < least ? `${least} prunes` : "";
  return { prunes, lacks, ...(flaw === undefined ? {} : { flaw }) };
}

async function makeAndPrune(
  store: Store,
  plan: PrunePlan,
  number: number,
): Promise<Flaw | undefined> {
  const { what, pruned, keys, root } = plan;
  const folder = partitionFolder(pruned);
  if (what === "leftovers") await makeLeftover(plan, number);
  else {
    await commitVersion(store, pruned, { root: plan.source, key: keys[0]! });
    if (!(await isListed(store, folder))) return { kind: "lost", what: `${folder} was not listed` };
  }
  const chosen = what === "leftovers" ? [] : ["--selected", ...filterOf(pruned)];
  const args = ["store", "prune", "--json", "--data", root, ...chosen, "--yes"];
  const { exitCode, out, err } = await runCommand(args);
  if (exitCode !== 0) {
    return { kind: "loud", what: `store prune ended with ${exitCode}: ${err.trim()}` };
  }
  const gone = (JSON.parse(out) as PrunedFolders).folders.map((one) => one.folder);
  const taken = keys.map(partitionFolder).find((one) => gone.includes(one));
  if (taken !== undefined) return { kind: "lost", what: `store prune removed ${taken}` };
  // Another prune may have had a leftover in its hands just then and put it back, which is none of this one's.
  const isGone = what === "neighbours" || gone.includes(folder);
  const isThere = existsSync(store.path(folder)) || (await isListed(store, folder));
  return isGone && isThere
    ? { kind: "silent", what: `${folder} was pruned and is there` }
    : undefined;
}

interface PrunedFolders {
  readonly folders: readonly { readonly folder: string }[];
}

/** A folder of a partition's name that never became one, whole from the first moment on. */
async function makeLeftover(
  { root, marks, name, pruned }: PrunePlan,
  number: number,
): Promise<void> {
  const made = path.join(marks, `leftover-${name}-${number}`);
  await mkdir(made);
  await writeFile(path.join(made, PARQUET_FILE), "no table");
  const place = path.join(root, ...partitionFolder(pruned).split("/"));
  for (let isMade = false; !isMade; ) {
    await mkdir(path.dirname(place), { recursive: true });
    isMade = await rename(made, place).then(() => true, isThereAlready);
  }
}

/** The one before may be there again; where not, another prune has just removed the folder around it. */
function isThereAlready(error: unknown): boolean {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(code)) throw error;
  return code !== "ENOENT";
}

function filterOf({ exchange, symbol, date }: PrunePlan["pruned"]): readonly string[] {
  const next = dateOf(dayStartUs(date) + DAY_US);
  return ["--exchange", exchange, "--symbols", symbol, "--from", date, "--to", next];
}

async function isListed(store: Store, folder: string): Promise<boolean> {
  return (await listPartitions(store)).some((one) => one.folder === folder);
}
