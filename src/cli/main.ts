import { Command, CommanderError } from "commander";
import { WorkbenchError } from "../core/errors.js";
import type { AddCommand } from "./command.js";

const COMMANDS: readonly AddCommand[] = [];

/**
 * Runs one command line.
 *
 * @param argv - arguments after `tickbook`
 * @returns exit code: 0 done, 1 a check, gate or partition failed, 2 wrong usage or input
 */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command("tickbook")
    .description("Notebook research workbench for crypto tick data")
    .option("--data <dir>", "root of the store (default: TICKBOOK_DATA, else data)")
    .option("--json", "print one JSON document on standard output")
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  for (const add of COMMANDS) add(program);
  for (const command of program.commands) {
    command
      .option("--data <dir>", "root of the store (default: TICKBOOK_DATA, else data)")
      .option("--json", "print one JSON document on standard output")
      .exitOverride();
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof WorkbenchError)) throw error;
    process.stderr.write(`tickbook: ${error.message}\n`);
    return error.exitCode;
  }
}
