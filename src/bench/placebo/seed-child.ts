// The process that works on one market at a time: it is sent jobs and sends back what came of each.
import { type Answer, answered } from "../../core/thread-pool.js";
import { placeboSeed, type SeedFindings, type SeedJob } from "./seed-job.js";

/** What the process sends back. */
export type SeedAnswer = Answer<SeedFindings>;

const work: (job: SeedJob) => Promise<SeedAnswer> = answered(placeboSeed);

process.on("message", (job: SeedJob) => {
  void work(job).then((answer) => process.send?.(answer));
});
