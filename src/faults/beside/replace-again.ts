import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../../core/random.js";
import { openStore } from "../../store/store.js";
import { commitVersion } from "./commit-version.js";
import { countReplacement, isMarked } from "./marks.js";
import type { ReplacePlan } from "./plan.js";

/** Every other replacement follows the one before at once; the others wait this long on average. */
const MEAN_PAUSE_MS = 40;

/** Replaces partitions by the one and the other version in turn until it is stopped. */
export async function replaceAgain(plan: ReplacePlan): Promise<void> {
  const { root, marks, name, seed, keys, versions, most, host } = plan;
  if (host !== undefined) Object.assign(os, { hostname: () => host });
  const random = seededRandom(seed, name);
  const turns = keys.map(() => 0);
  const store = await openStore(root);
  for (let i = 0; i < most && !isMarked(marks, "stop"); i++) {
    const which = random.below(keys.length);
    const key = keys[which]!;
    turns[which] = 1 - turns[which]!;
    await commitVersion(store, key, { root: versions[turns[which] as 0 | 1], key });
    countReplacement(marks);
    if (random.uniform() < 0.5) await sleep(MEAN_PAUSE_MS * random.exponential());
  }
  await store.close();
}
