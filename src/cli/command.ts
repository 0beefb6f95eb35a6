import { existsSync, statSync } from "node:fs";
import type { Command } from "commander";
import { OptionError } from "../core/errors.js";
import {
  type ResolvedSetting,
  type Settings,
  settingPlace,
  settingValues,
} from "../core/settings.js";
import { printText } from "./print-text.js";
import { endProgress, printProgress } from "./progress.js";
import { loadSettings } from "./settings.js";

/** What every command is handed besides its own options. */
export interface CommandContext {
  /** Root of the store. */
  readonly dataDir: string;
  /** All settings; a command's options named as a setting count as flags. */
  readonly settings: Settings;
  /** True when standard output is to hold one JSON document and nothing else. */
  readonly isJson: boolean;
  /** One line for people: on standard output, or on standard error when the command prints JSON. */
  readonly say: (line: string) => void;
  /** Progress of the running step, with the time left in words where it is known better; shown on a terminal only. */
  readonly progress: (done: number, total: number, what: string, left?: string) => void;
}

/** What a command did: its JSON document, and the exit code (1 when a check, gate or partition failed). */
export type CommandResult = {
  readonly exitCode: 0 | 1;
} & (
  | { readonly json: unknown }
  /** The document's text piece by piece, for one that does not fit into memory; read only where `isJson`. */
  | { readonly jsonText: AsyncIterable<string> }
);

/** Adds one command to the program. Each file of `cli/` exports one. */
export type AddCommand = (program: Command) => void;

/**
 * Wraps a command's work: resolves `--data` and `--json`, prints the JSON document, sets the exit code.
 *
 * @param work - gets the command's positional arguments and options and returns its result
 */
export function action<Options extends object>(
  work: (
    args: readonly string[],
    options: Options,
    context: CommandContext,
  ) => Promise<CommandResult>,
): (...received: unknown[]) => Promise<void> {
  return async (...received) => {
    const command = received.at(-1) as Command;
    const options = command.optsWithGlobals<
      Options & { data?: string; device?: string; json?: boolean }
    >();
    const isJson = options.json === true;
    const resolved = loadSettings({ ...options });
    requireNoFile(resolved);
    const settings = settingValues(resolved);
    // TensorFlow is loaded deep inside, and by notebooks in other processes.
    if (options.device !== undefined) process.env["TICKBOOK_DEVICE"] = settings.device;
    const context: CommandContext = {
      dataDir: settings.data,
      settings,
      isJson,
      say: (line) => (isJson ? process.stderr : process.stdout).write(`${line}\n`),
      progress: printProgress,
    };
    const args = command.processedArgs.flat().map(String);
    const result = await work(args, options, context).finally(endProgress);
    if (isJson) await printJson(result);
    process.exitCode = result.exitCode;
  };
}

/** The store's root is a folder, or is not there yet. */
function requireNoFile(settings: readonly ResolvedSetting[]): void {
  const { value, source } = settings.find(({ name }) => name === "data")!;
  if (!existsSync(String(value)) || statSync(String(value)).isDirectory()) return;
  throw new OptionError({
    ...settingPlace("data", source),
    message: `was ${JSON.stringify(value)}, which is no folder`,
    fix: "give the folder that is the root of the store",
  });
}

async function printJson(result: CommandResult): Promise<void> {
  if ("json" in result) process.stdout.write(`${JSON.stringify(result.json)}\n`);
  else if (await printText(result.jsonText)) process.stdout.write("\n");
}
