import { fork } from "node:child_process";
import path from "node:path";
import { WorkbenchError } from "../../core/errors.js";
import { readDoubles } from "../logistic/doubles-file.js";
import type { ExchangeJob, ExchangeWord } from "./exchange-child.js";

/** An exchange in a process of its own. */
export interface ExchangeProcess {
  readonly url: string;
  /** Ends it, and gives what it sent: arrival time, µs, and ms of the machine's clock, in turn. */
  readonly end: () => Promise<Float64Array>;
  /** Ends it at once. */
  readonly kill: () => void;
}

/**
 * Starts one.
 *
 * @param root - the project, whose compiled code it runs
 */
export async function startExchangeProcess(
  root: string,
  job: ExchangeJob,
): Promise<ExchangeProcess> {
  const script = path.join(root, "dist", "bench", "runtime", "exchange-child.js");
  const child = fork(script, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const heard = (): Promise<ExchangeWord> =>
    new Promise((resolve, reject) => {
      child.once("message", (word) => resolve(word as ExchangeWord));
      child.once("exit", () => reject(new WorkbenchError({ message: "the exchange ended early" })));
    });
  const begun = heard();
  child.send(job);
  const word = await begun;
  if (!("url" in word)) throw new WorkbenchError({ message: "the exchange said no address" });
  return {
    url: word.url,
    end: async () => {
      const written = heard();
      child.send("end");
      await written;
      child.kill();
      return await readDoubles(job.file);
    },
    kill: () => void child.kill(),
  };
}
