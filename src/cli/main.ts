import { Command, CommanderError, type OutputConfiguration } from "commander";
import { WorkbenchError } from "../core/errors.js";
import { auditCommand } from "./audit.js";
import type { AddCommand } from "./command.js";
import { doctorCommand } from "./doctor.js";
import { evaluateCommand } from "./evaluate.js";
import { featuresCommand } from "./features.js";
import { ingestCommand } from "./ingest.js";
import { modelsCommand } from "./models.js";
import { notebooksCommand } from "./notebooks.js";
import { serveCommand } from "./serve.js";
import { simulateCommand } from "./simulate.js";
import { sqlCommand } from "./sql.js";
import { startCommand } from "./start.js";
import { storeCommand } from "./store.js";
import { trainCommand } from "./train.js";
import { trialsCommand } from "./trials.js";

const COMMANDS: readonly AddCommand[] = [
  startCommand,
  notebooksCommand,
  auditCommand,
  doctorCommand,
  simulateCommand,
  serveCommand,
  featuresCommand,
  ingestCommand,
  sqlCommand,
  storeCommand,
  trainCommand,
  evaluateCommand,
  modelsCommand,
  trialsCommand,
];

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
    .configureOutput(complaints("tickbook"));
  for (const add of COMMANDS) add(program);
  for (const command of program.commands) {
    command
      .option("--data <dir>", "root of the store (default: TICKBOOK_DATA, else data)")
      .option("--json", "print one JSON document on standard output")
      .exitOverride()
      .configureOutput(complaints(`tickbook ${command.name()}`));
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

/** What is said of wrong usage: one sentence that ends with where to look. */
function complaints(command: string): OutputConfiguration {
  return {
    writeErr: (text) => process.stderr.write(text),
    outputError: (text, write) => {
      const what = text
        .replace(/^error: /, "")
        .trim()
        .replace(/\.?\n/g, " ")
        .replace(/\.$/, "");
      write(`tickbook: ${what}; see \`npx ${command} --help\`\n`);
    },
  };
}
