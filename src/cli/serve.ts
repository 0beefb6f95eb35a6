import { OptionError } from "../core/errors.js";
import { startDatasetServer } from "../simulate/dataset-server.js";
import { type AddCommand, action } from "./command.js";
import { END_SIGNALS } from "./end-signals.js";
import { portNumber } from "./port-number.js";
import { DEFAULT_PLAYED, type SocketOptions, serveSocket, USUAL_SYMBOLS } from "./serve-socket.js";

interface ServeOptions extends SocketOptions {
  readonly port: string;
  readonly socket?: boolean;
  readonly key?: string | true;
  readonly freeDays?: boolean;
}

/** `tickbook serve DIR`: answers as the vendor's dataset server does, or as an exchange, until it is stopped. */
export const serveCommand: AddCommand = (program) => {
  program
    .command("serve")
    .description("serve a dataset mirror over https on this machine, as the vendor does")
    .argument("<dir>", "root of the mirror")
    .option("--port <number>", "0 takes a free one", "0")
    .option("--key [key]", "ask for this API key (without a value: TICKBOOK_SERVER_KEY)")
    .option("--free-days", "ask for no key on the first day of each month, as the vendor does")
    .option("--socket", "play its days as an exchange that clients stream from, instead")
    .option("--exchange <name>", "folder of the exchange that is played", DEFAULT_PLAYED)
    .option("--symbols <names>", "symbols or coins that are played", USUAL_SYMBOLS)
    .option("--from <day>", "first UTC day that is played")
    .option("--to <day>", "day after the last (default: the day after --from)")
    .option("--now", "play today from this moment on, at the pace of the clock")
    .option("--speed <factor>", "market seconds a second, or max", "1")
    .action(
      action<ServeOptions>(async ([dir], options, { say, dataDir }) => {
        const { port, key, freeDays = false } = options;
        if (options.socket === true) {
          const told = { say, dataDir };
          const { server, result } = await serveSocket(dir!, portNumber(port), options, told);
          untilSignal(() => server.close());
          return result;
        }
        const asked = chosenKey(key, process.env["TICKBOOK_SERVER_KEY"]);
        const server = await startDatasetServer(dir!, {
          port: portNumber(port),
          hasFreeDays: freeDays,
          ...(asked === undefined ? {} : { key: asked }),
        });
        untilSignal(() => server.close());
        const { url, certificate } = server;
        say(`${dir} is served at ${url}/v1 until Ctrl-C`);
        say(`clients that are to trust it: --certificate ${certificate}`);
        if (asked !== undefined) say("clients need its key in TICKBOOK_SERVER_KEY");
        return { json: { url, certificate }, exitCode: 0 };
      }),
    );
};

/** Every signal is heard: a second one, which npx and impatient people send, must not end it half-way. */
function untilSignal(close: () => Promise<void>): void {
  for (const signal of END_SIGNALS)
    process.on(signal, () => void close().then(() => process.exit(0)));
}

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
