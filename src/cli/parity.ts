import { DAY_US, dateOf, dayStartUs, daysBetween } from "../core/time.js";
import { checkParity } from "../runtime/acceptance/parity.js";
import { parityFaults, STREAM_BOUNDS } from "../runtime/acceptance/parity-faults.js";
import { type AddCommand, action } from "./command.js";
import { withRun } from "./judged-run.js";
import { onceEach } from "./once-each.js";
import { parityLines } from "./parity-lines.js";

interface Options {
  readonly run: string;
  readonly from?: string;
  readonly to?: string;
}

/**
 * `parity`: a run's features and decisions beside the store's; exit 1 where one differs, of a stream where more do than other
 * arrival times explain, and where nothing of a symbol was compared.
 */
export const parityCommand: AddCommand = (program) => {
  const command = program
    .command("parity")
    .description(
      "compare what a run logged with what the store's data gives: bit for bit, a stream within bounds",
    )
    .requiredOption("--run <name>", "name of the run")
    .option("--from <day>", "first UTC day (default: the run's first)")
    .option("--to <day>", "day after the last (default: the day after --from, else the run's last)")
    .action(
      action<Options>(async (_args, { run: name, ...asked }, { dataDir, say }) => {
        const days = askedDays(asked);
        return await withRun(dataDir, name, async ({ store, journal, run, model }) => {
          const parity = await checkParity(store, journal, { run, model, ...days });
          for (const line of parityLines(parity)) say(line);
          const faults = parityFaults(parity);
          const bounds = parity.isExact ? null : STREAM_BOUNDS;
          return { json: { ...parity, bounds, faults }, exitCode: faults.length > 0 ? 1 : 0 };
        });
      }),
    );
  onceEach(command);
};

function askedDays({ from, to }: Omit<Options, "run">): { from?: string; to?: string } {
  if (from !== undefined) {
    const days = daysBetween(from, to);
    return { from, to: dateOf(dayStartUs(days.at(-1)!) + DAY_US) };
  }
  if (to === undefined) return {};
  dayStartUs(to, "--to");
  return { to };
}
