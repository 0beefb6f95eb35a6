// The process that works on one market at a time: it is sent jobs and sends back what came of each.
// `node seed-child.js PARENT`, the id of the process that sends them, with which it ends.
import path from "node:path";
import { Worker } from "node:worker_threads";
import { type Answer, answered } from "../../core/thread-pool.js";
import { placeboSeed, type SeedFindings, type SeedJob } from "./seed-job.js";

/** What the process sends back. */
export type SeedAnswer = Answer<SeedFindings>;

const work: (job: SeedJob) => Promise<SeedAnswer> = answered(placeboSeed);

new Worker(path.join(__dirname, "parent-watch.js"), {
  workerData: Number(process.argv[2]),
}).unref();

process.on("message", (job: SeedJob) => {
  void work(job).then((answer) => process.send?.(answer));
});
