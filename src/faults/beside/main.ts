// One of the processes that work on a store at once: `node main.js PLAN`, with the plan as JSON.
import { guard } from "./guard.js";
import { lookAgain } from "./look-again.js";
import type { BesidePlan } from "./plan.js";
import { pruneAgain } from "./prune-again.js";
import { replaceAgain } from "./replace-again.js";

/** Does what the plan says and gives what is to be told of it. */
async function follow(plan: BesidePlan): Promise<unknown> {
  if (plan.role === "replace") return replaceAgain(plan);
  if (plan.role === "look") return lookAgain(plan);
  return plan.role === "prune" ? pruneAgain(plan) : guard(plan);
}

void follow(JSON.parse(process.argv[2]!) as BesidePlan).then((report) => {
  process.stdout.write(JSON.stringify(report ?? {}));
});
