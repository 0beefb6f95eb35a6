// A process that replays what it is sent.
import { serveJobs } from "../serve-jobs.js";
import { marketDayJob } from "./market-day-job.js";

serveJobs(marketDayJob);
