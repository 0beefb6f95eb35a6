import { DAY_US, dateOf, dayStartUs, daysBetween } from "../core/time.js";
import { COMPARED } from "../runtime/acceptance/compare-bars.js";
import { checkParity, type Parity } from "../runtime/acceptance/parity.js";
import { type AddCommand, action } from "./command.js";
import { withRun } from "./judged-run.js";
import { onceEach } from "./once-each.js";

interface Options {
  readonly run: string;
  readonly from?: string;
  readonly to?: string;
}

/** `parity`: a run's features and decisions beside the store's; exit 1 where one differs, or none was compared. */
export const parityCommand: AddCommand = (program) => {
  const command = program
    .command("parity")
    .description("compare what a run logged with what the store's data gives, bit for bit")
    .requiredOption("--run <name>", "name of the run")
    .option("--from <day>", "first UTC day (default: the run's first)")
    .option("--to <day>", "day after the last (default: the day after --from, else the run's last)")
    .action(
      action<Options>(async (_args, { run: name, ...asked }, { dataDir, say }) => {
        const days = askedDays(asked);
        return await withRun(dataDir, name, async ({ store, journal, run, model }) => {
          const parity = await checkParity(store, journal, { run, model, ...days });
          for (const line of parityLines(parity)) say(line);
          // Where nothing was compared, nothing is known to be equal.
          const isFinding = parity.bars === 0 || (parity.isExact && parity.differentBars > 0);
          return { json: parity, exitCode: isFinding ? 1 : 0 };
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

/** A parity for people, line by line. */
export function parityLines(parity: Parity): readonly string[] {
  const { run, bars, differentBars, differences, first, circumstances, symbols } = parity;
  const count = (value: number): string => value.toLocaleString("en-US");
  const head =
    bars === 0
      ? `${run}: no bar was compared, so that nothing is known`
      : parity.isExact
        ? `${run}: ${count(differentBars)} of ${count(bars)} bars of ${symbols.join(", ")} differ from the store`
        : `${run}: a stream's arrival times are not the vendor's, so bits are not compared; ${count(bars)} bars of ${symbols.join(", ")}`;
  const parts = COMPARED.filter((part) => differences[part] > 0).map(
    (part) => `  ${part}: ${count(differences[part])}`,
  );
  const place =
    first === null
      ? []
      : [
          `  first: ${first.symbol} at ${new Date(first.barEndUs / 1000).toISOString()}, ${first.part}: logged ${first.logged}, computed ${first.computed}`,
        ];
  const beside = Object.entries(circumstances).map(
    ([reason, rows]) => `  compared as far as the signal goes: ${count(rows)} (${reason})`,
  );
  const days = (what: string, of: Parity["missingDays"]): readonly string[] =>
    of.length === 0
      ? []
      : [`  ${what}: ${of.map(({ symbol, date }) => `${symbol} ${date}`).join(", ")}`];
  return [
    head,
    ...parts,
    ...place,
    ...beside,
    ...days("no features stored, not compared", parity.missingDays),
    ...days("features begin anew after a missing day, not compared", parity.apartDays),
    ...(parity.distances ?? []).map(distanceLine),
  ];
}

function distanceLine(distance: NonNullable<Parity["distances"]>[number]): string {
  const { name, bars, onlyOne, equal, median, ninetyNinth } = distance;
  const share = Number.isNaN(equal) ? "no values" : `${(100 * equal).toFixed(1)} % equal`;
  return `  ${name.padEnd(22)} ${share}, gaps of ${median.toPrecision(2)} (half) and ${ninetyNinth.toPrecision(2)} (99 %) deviations, ${bars} bars, ${onlyOne} with one value`;
}
