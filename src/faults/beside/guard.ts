import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { isMarked, setMark } from "./marks.js";
import type { GuardPlan } from "./plan.js";

/**
 * Starts a child and takes no notice of its end, as the first process of many containers does not: killed, it keeps its
 * process id until this one is stopped.
 */
export async function guard({ marks, name, replace, environment }: GuardPlan): Promise<void> {
  const args = [process.argv[1]!, JSON.stringify(replace)];
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { env, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  setMark(marks, `pid-${name}`, String(child.pid));
  await sleep(1);
  // Ended children are noticed between turns of the event loop: there is none until the end.
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  while (!isMarked(marks, "stop")) Atomics.wait(nothing, 0, 0, 5);
  await ended;
}
