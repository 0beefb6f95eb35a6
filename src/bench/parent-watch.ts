// The thread that ends its process when the parent has ended: a busy process hears of that only when its work is done.
import { workerData } from "node:worker_threads";

const PAUSE_MS = 250;
const parent = workerData as number;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, PAUSE_MS);
