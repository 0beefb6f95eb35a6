// What did killed processes leave half-written? It lies beside its place under a name that says whose it was, and nothing reads it.
import { rm } from "node:fs/promises";
import path from "node:path";
import { isLeftBehind, temporaryName } from "../store/temporary.js";
import { namesIn } from "./names-in.js";

/** Names that end so are of what is being written; earlier versions put no process into them. */
const UNFINISHED =
  /\.([0-9a-f]{12}-\d+-[0-9a-z]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.tmp$/;

/** Where to write a file or folder before it is renamed to its place. */
export function unfinished(place: string): string {
  return `${place}.${temporaryName()}.tmp`;
}

/** True for the name of what is being written, or was when its process was killed. */
export function isUnfinished(name: string): boolean {
  return UNFINISHED.test(name);
}

/** Does some work with a temporary file or folder, and takes that away when the work fails, as on a full disk. */
export async function orRemoved<Result>(
  temporary: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Files and folders of the registry that no running process is writing any more.
 *
 * @param root - of the store
 * @returns their paths
 */
export async function leftovers(root: string): Promise<readonly string[]> {
  const registry = path.join(root, "registry");
  const models = path.join(registry, "models");
  const kinds = await within(models);
  const bundles = (await Promise.all(kinds.map(within))).flat();
  const evaluations = bundles.map((folder) => path.join(folder, "evaluations"));
  const folders = [
    registry,
    path.join(registry, "checkpoints"),
    ...kinds,
    ...bundles,
    ...evaluations,
  ];
  const found = (await Promise.all(folders.map(within))).flat();
  const left: string[] = [];
  for (const place of found) {
    const owner = UNFINISHED.exec(path.basename(place))?.[1];
    if (owner !== undefined && (await isLeftBehind(place, owner))) left.push(place);
  }
  return left;
}

/** Removes them. */
export async function removeLeftovers(root: string): Promise<readonly string[]> {
  const left = await leftovers(root);
  for (const place of left) await rm(place, { recursive: true, force: true });
  return left;
}

async function within(folder: string): Promise<readonly string[]> {
  return (await namesIn(folder)).map((name) => path.join(folder, name));
}
