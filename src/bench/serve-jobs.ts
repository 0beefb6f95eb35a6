import path from "node:path";
import { Worker } from "node:worker_threads";
import { type Answer, answered } from "../core/thread-pool.js";

/**
 * Makes this process one that is sent jobs and sends back what came of each, as `inProcesses` starts it. It ends with the
 * process that sends them, whose id is its argument.
 *
 * @param work - does a job; errors of the workbench arrive as what they are
 */
export function serveJobs<Job, Result>(work: (job: Job) => Promise<Result>): void {
  const answer: (job: Job) => Promise<Answer<Result>> = answered(work);
  new Worker(path.join(__dirname, "parent-watch.js"), {
    workerData: Number(process.argv[2]),
  }).unref();
  process.on("message", (job: Job) => {
    void answer(job).then((done) => process.send?.(done));
  });
}
