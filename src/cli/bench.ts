import { rm } from "node:fs/promises";
import type { Benchmark, BenchReport } from "../bench/benchmark.js";
import { BENCHMARKS } from "../bench/benchmarks.js";
import { describeResults } from "../bench/describe-results.js";
import { runFolder } from "../bench/run-folder.js";
import { cacheFolder } from "../core/cache.js";
import { OptionError } from "../core/errors.js";
import { PROJECT_ROOT } from "../core/settings-file.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { numberOption } from "./number-option.js";

interface BenchFlags {
  readonly full?: boolean;
  readonly rows?: string;
  readonly rounds?: string;
  readonly input?: string;
  readonly keep?: boolean;
  readonly install: boolean;
}

/** `tickbook bench NAME`: one benchmark beside its rivals. */
export const benchCommand: AddCommand = (program) => {
  const list = BENCHMARKS.map(({ name, about }) => `${name}: ${about}`).join("; ");
  program
    .command("bench")
    .description(
      "measure one part of the workbench beside its rivals; exit 1 where a bar is missed",
    )
    .argument("<name>", list)
    .option("--full", "the full counts, which take longer")
    .option("--seed <number>", "whole number; the same seed gives the same input and order of runs")
    .option(
      "--rows <number>",
      `rows of the input; lstm, transformer: windows of a batch (all but ${namesWhere("hasNoRows")})`,
    )
    .option(
      "--rounds <number>",
      "how often each contestant runs, and the least counts; placebo, learning: markets",
    )
    .option(
      "--input <file>",
      `a vendor file of book changes to measure on (${namesWhere("takesInput")})`,
    )
    .option("--keep", "leave what the last runs wrote, and say where")
    .option("--no-install", "install no rivals; those that are not in the cache count as missing")
    .action(action<BenchFlags>(([name], flags, context) => run(name!, flags, context)));
};

async function run(
  name: string,
  flags: BenchFlags,
  context: CommandContext,
): Promise<CommandResult> {
  const benchmark = benchmarkNamed(name);
  requireUse(benchmark, flags);
  const cache = cacheFolder(process.env);
  const rows = wholeNumber("--rows", flags.rows, benchmark.leastRows);
  const rounds = wholeNumber("--rounds", flags.rounds);
  const folder = await runFolder(cache);
  try {
    const report = await benchmark.run({
      seed: context.settings.seed,
      isFull: flags.full === true,
      ...(rows === undefined ? {} : { rows }),
      ...(rounds === undefined ? {} : { rounds }),
      ...(flags.input === undefined ? {} : { input: flags.input }),
      cache,
      folder,
      root: PROJECT_ROOT,
      mayInstall: flags.install,
      say: (line) => {
        context.progress(1, 1, "done");
        context.say(line);
      },
      onProgress: context.progress,
    });
    return show(report, context);
  } finally {
    if (flags.keep === true) context.say(`kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

function show({ results, facts }: BenchReport, { say, progress }: CommandContext): CommandResult {
  progress(1, 1, "done");
  for (const [name, fact] of Object.entries(facts)) say(`${name}: ${fact}`);
  for (const line of describeResults(results)) say(line);
  const missed = results.filter(({ ok }) => !ok).length;
  say(`${results.length} figures, ${missed === 0 ? "none" : missed} failed`);
  return { json: { results, facts }, exitCode: missed === 0 ? 0 : 1 };
}

function benchmarkNamed(name: string): Benchmark {
  const found = BENCHMARKS.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new OptionError({
    column: "name",
    message: `was "${name}", which is no benchmark`,
    fix: `choose among ${BENCHMARKS.map((one) => one.name).join(", ")}`,
  });
}

/** Options that some benchmarks have no use for would be left unheard. */
function requireUse({ name, hasNoRows, takesInput }: Benchmark, { rows, input }: BenchFlags): void {
  const unheard = (column: string, fix: string): OptionError =>
    new OptionError({
      column,
      message: `was given to the benchmark "${name}", which makes its own input`,
      fix,
    });
  if (hasNoRows === true && rows !== undefined) {
    throw unheard("--rows", "give --rounds for the number of markets");
  }
  if (takesInput !== true && input !== undefined) {
    throw unheard("--input", `leave it out: ${namesWhere("takesInput")} alone has it`);
  }
}

function namesWhere(property: "hasNoRows" | "takesInput"): string {
  return BENCHMARKS.filter((one) => one[property] === true)
    .map(({ name }) => name)
    .join(", ");
}

function wholeNumber(option: string, text: string | undefined, least = 1): number | undefined {
  if (text === undefined) return undefined;
  const bound = least === 1 ? " above 0" : `, ${least.toLocaleString("en-US")} at least`;
  return numberOption(option, text, {
    fits: (value) => Number.isInteger(value) && value >= least,
    expected: `a whole number${bound}`,
    fix: "leave it out for the benchmark's own count",
  });
}
