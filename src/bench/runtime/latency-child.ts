// A process that runs what it is sent, and says when what happened; a followed stream goes first on its machine, as in `live`.
import { FIRST, withPriority } from "../../core/process-priority.js";
import { serveJobs } from "../serve-jobs.js";
import { latencyJob } from "./latency-job.js";

serveJobs((job: Parameters<typeof latencyJob>[0]) => withPriority(FIRST, () => latencyJob(job)));
