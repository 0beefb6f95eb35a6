// The process that learns from one market at a time.
import { serveJobs } from "../serve-jobs.js";
import { learnMarket } from "./market-job.js";

serveJobs(learnMarket);
