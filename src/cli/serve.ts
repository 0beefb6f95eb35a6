import { OptionError } from "../core/errors.js";
import { startDatasetServer } from "../simulate/dataset-server.js";
import { type AddCommand, action } from "./command.js";

interface ServeOptions {
  readonly port: string;
  readonly key?: string;
}

/** `tickbook serve DIR`: answers as the vendor's dataset server does, until it is stopped. */
export const serveCommand: AddCommand = (program) => {
  program
    .command("serve")
    .description("serve a dataset mirror over https on this machine, as the vendor does")
    .argument("<dir>", "root of the mirror")
    .option("--port <number>", "0 takes a free one", "0")
    .option("--key <key>", "ask for this API key")
    .action(
      action<ServeOptions>(async ([dir], { port, key }, { say }) => {
        const server = await startDatasetServer(dir!, {
          port: portNumber(port),
          ...(key === undefined ? {} : { key }),
        });
        const { url, certificate } = server;
        say(`${dir} is served at ${url}/v1 until Ctrl-C`);
        say(`clients that are to trust it: --certificate ${certificate}`);
        const stop = (): void => {
          void server.close().then(() => process.exit(0));
        };
        process.once("SIGINT", stop).once("SIGTERM", stop);
        return { json: { url, certificate }, exitCode: 0 };
      }),
    );
};

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new OptionError({
    column: "--port",
    message: `was "${text}", expected a number from 0 to 65535`,
    fix: "leave it out for any free port",
  });
}
