// The process that works on one market at a time.
import { serveJobs } from "../serve-jobs.js";
import { placeboSeed } from "./seed-job.js";

serveJobs(placeboSeed);
