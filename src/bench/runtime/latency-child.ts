// A process that runs what it is sent, and says when what happened.
import { serveJobs } from "../serve-jobs.js";
import { latencyJob } from "./latency-job.js";

serveJobs(latencyJob);
