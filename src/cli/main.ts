import { Command, CommanderError, type OutputConfiguration } from "commander";
import { WorkbenchError } from "../core/errors.js";
import type { AddCommand } from "./command.js";
import { refusedFile } from "./refused-file.js";

/** Each command is loaded when it is called: bringing files in starts without models and reports. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  start: async () => (await import("./start.js")).startCommand,
  notebooks: async () => (await import("./notebooks.js")).notebooksCommand,
  audit: async () => (await import("./audit.js")).auditCommand,
  doctor: async () => (await import("./doctor.js")).doctorCommand,
  simulate: async () => (await import("./simulate.js")).simulateCommand,
  serve: async () => (await import("./serve.js")).serveCommand,
  features: async () => (await import("./features.js")).featuresCommand,
  ingest: async () => (await import("./ingest.js")).ingestCommand,
  candles: async () => (await import("./candles.js")).candlesCommand,
  sql: async () => (await import("./sql.js")).sqlCommand,
  store: async () => (await import("./store.js")).storeCommand,
  sync: async () => (await import("./sync.js")).syncCommand,
  train: async () => (await import("./train.js")).trainCommand,
  evaluate: async () => (await import("./evaluate.js")).evaluateCommand,
  bench: async () => (await import("./bench.js")).benchCommand,
  faults: async () => (await import("./faults.js")).faultsCommand,
  models: async () => (await import("./models.js")).modelsCommand,
  promote: async () => (await import("./promote.js")).promoteCommand,
  demote: async () => (await import("./demote.js")).demoteCommand,
  trials: async () => (await import("./trials.js")).trialsCommand,
  live: async () => (await import("./live.js")).liveCommand,
  halt: async () => (await import("./halt.js")).haltCommand,
  parity: async () => (await import("./parity.js")).parityCommand,
  acceptance: async () => (await import("./acceptance.js")).acceptanceCommand,
};

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
  const called = Object.keys(COMMANDS).filter((name) => argv.includes(name));
  // Its threads start while the rest of it is loaded.
  if (called.includes("ingest")) (await import("../ingest/file-pool.js")).startFileThread();
  for (const name of called.length > 0 ? called : Object.keys(COMMANDS)) {
    const add = await COMMANDS[name]!();
    add(program);
  }
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
    const expected = error instanceof WorkbenchError ? error : refusedFile(error);
    process.stderr.write(`tickbook: ${expected?.message ?? (await unexpected(error))}\n`);
    return expected?.exitCode ?? 1;
  }
}

/** Loaded when it is needed: what it knows of keys takes as long to load as all else here. */
async function unexpected(error: unknown): Promise<string> {
  return (await import("./unexpected-error.js")).unexpectedError(error);
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
