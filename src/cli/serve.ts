import { OptionError } from "../core/errors.js";
import { startDatasetServer } from "../simulate/dataset-server.js";
import { type AddCommand, action } from "./command.js";

interface ServeOptions {
  readonly port: string;
  readonly key?: string | true;
  readonly freeDays?: boolean;
}

/** Signals that end the server; its temporary folder goes with it. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** `tickbook serve DIR`: answers as the vendor's dataset server does, until it is stopped. */
export const serveCommand: AddCommand = (program) => {
  program
    .command("serve")
    .description("serve a dataset mirror over https on this machine, as the vendor does")
    .argument("<dir>", "root of the mirror")
    .option("--port <number>", "0 takes a free one", "0")
    .option("--key [key]", "ask for this API key (without a value: TICKBOOK_SERVER_KEY)")
    .option("--free-days", "ask for no key on the first day of each month, as the vendor does")
    .action(
      action<ServeOptions>(async ([dir], { port, key, freeDays = false }, { say }) => {
        const asked = chosenKey(key, process.env["TICKBOOK_SERVER_KEY"]);
        const server = await startDatasetServer(dir!, {
          port: portNumber(port),
          hasFreeDays: freeDays,
          ...(asked === undefined ? {} : { key: asked }),
        });
        // Every signal is heard: a second one, which npx and impatient people send, must not end it half-way.
        for (const signal of SIGNALS) {
          process.on(signal, () => void server.close().then(() => process.exit(0)));
        }
        const { url, certificate } = server;
        say(`${dir} is served at ${url}/v1 until Ctrl-C`);
        say(`clients that are to trust it: --certificate ${certificate}`);
        if (asked !== undefined) say("clients need its key in TICKBOOK_SERVER_KEY");
        return { json: { url, certificate }, exitCode: 0 };
      }),
    );
};

function chosenKey(flag: string | true | undefined, own: string | undefined): string | undefined {
  if (flag === "") {
    throw new OptionError({
      column: "--key",
      message: "was empty, and no client could give that",
      fix: "give a key, or leave the option out to let everybody in",
    });
  }
  if (flag !== true) return flag;
  if (own !== undefined && own !== "") return own;
  throw new OptionError({
    column: "--key",
    message: "had no value, and TICKBOOK_SERVER_KEY is not set",
    fix: "give a key with the option, or put one into TICKBOOK_SERVER_KEY in the environment or .env",
  });
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new OptionError({
    column: "--port",
    message: `was "${text}", expected a number from 0 to 65535`,
    fix: "leave it out for any free port",
  });
}
