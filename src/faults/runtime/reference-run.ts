import { openStore } from "../../store/store.js";
import { driveRun } from "./drive-run.js";
import { type RunLeft, readLeft } from "./run-left.js";
import type { RunScene } from "./run-scene.js";

/** What a run comes to that is never stopped. */
export async function referenceRun(
  scene: RunScene,
  root: string,
  databaseUrl: string,
): Promise<RunLeft> {
  const plan = { scene, root, databaseUrl, cutBytes: 1 << 18 };
  const store = await openStore(scene.store);
  try {
    await driveRun(plan, store);
  } finally {
    await store.close();
  }
  return await readLeft(plan);
}
