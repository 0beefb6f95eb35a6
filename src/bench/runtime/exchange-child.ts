// An exchange in a process of its own, behind others where processors are shared, so that the runtime that is measured has its own. It is sent what to play, says
// where it listens, and when it is told to end it writes down when it sent what: arrival time and ms of the machine, in turn.
import { constants, setPriority } from "node:os";
import {
  type ExchangeOptions,
  type ExchangeServer,
  startExchangeServer,
} from "../../simulate/exchange/exchange-server.js";
import { writeDoubles } from "../logistic/doubles-file.js";
import { machineMs } from "./machine-clock.js";

/** What the process is sent first. */
export interface ExchangeJob {
  readonly options: Omit<ExchangeOptions, "onSend">;
  /** Where the times of sending go. */
  readonly file: string;
}

/** What it says: that it listens, and that the times are written. */
export type ExchangeWord = { readonly url: string } | { readonly isWritten: true };

async function main(): Promise<void> {
  const times: number[] = [];
  let file = "";
  let server: ExchangeServer | undefined;
  const say = (word: ExchangeWord): void => void process.send?.(word);
  process.on("message", async (job: ExchangeJob | "end") => {
    if (job !== "end") {
      file = job.file;
      server = await startExchangeServer({
        ...job.options,
        onSend: (localUs) => times.push(localUs, machineMs()),
      });
      say({ url: server.url });
      return;
    }
    await server?.close();
    await writeDoubles(file, Float64Array.from(times));
    say({ isWritten: true });
  });
  process.on("disconnect", () => process.exit());
}

// In truth it is another machine's work.
setPriority(constants.priority.PRIORITY_LOW);
void main();
