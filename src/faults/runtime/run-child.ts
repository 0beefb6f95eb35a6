// A run in a process of its own: `node run-child.js PLAN`, with the plan as JSON. A SIGTERM ends it in order.
import { openStore } from "../../store/store.js";
import { driveRun, type RunPlan } from "./drive-run.js";

async function main(plan: RunPlan): Promise<void> {
  const store = await openStore(plan.scene.store);
  const ending = new AbortController();
  process.once("SIGTERM", () => ending.abort());
  try {
    const outcome = await driveRun(plan, store, { signal: ending.signal });
    process.stdout.write(JSON.stringify(outcome));
  } finally {
    await store.close();
  }
}

void main(JSON.parse(process.argv[2]!) as RunPlan);
