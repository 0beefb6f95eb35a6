import { Option } from "commander";
import { OptionError } from "../core/errors.js";
import { exchangeSymbols, SIMULATED_EXCHANGE } from "../core/symbols.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import { EVENT_TYPES } from "../simulate/day-files.js";
import { faultKindNames } from "../simulate/faults/choose-kinds.js";
import { EDGE_NAMES, type Edge } from "../simulate/settings.js";
import { type SimulationOptions, simulateMarket } from "../simulate/simulate-market.js";
import { type AddCommand, action } from "./command.js";

const TYPES = [...EVENT_TYPES, "simulation_truth", "candles"] as const;
const DEFAULT_DAYS = 12;

interface SimulateOptions {
  readonly symbols: string;
  readonly from: string;
  readonly to?: string;
  readonly edge: Edge;
  readonly types: string;
  readonly faults?: true | string;
}

/** `tickbook simulate OUT`: writes a dataset mirror of a simulated market. */
export const simulateCommand: AddCommand = (program) => {
  program
    .command("simulate")
    .description("write a dataset mirror of a simulated market")
    .argument("<out>", "folder of the mirror")
    .option("--symbols <list>", "coins or symbols", "BTC,ETH,SOL")
    .option("--from <day>", "first day, UTC; the market begins there", "2024-01-01")
    .option("--to <day>", `day after the last (default: ${DEFAULT_DAYS} days after --from)`)
    .option("--seed <number>", "whole number; the same seed gives the same bytes")
    .addOption(
      new Option("--edge <name>", "how much the order flow tells of the price")
        .choices(EDGE_NAMES)
        .default("informative"),
    )
    .option("--types <list>", `some of ${TYPES.join(", ")}`, TYPES.join(","))
    .option(
      "--faults [kinds]",
      "put faults in, listed in faults.json: all kinds in turn, or some, for example gap,reconnect",
    )
    .action(
      action<SimulateOptions>(async ([out], options, { settings, say, progress }) => {
        const { from } = options;
        const to = options.to ?? dateOf(dayStartUs(from, "--from") + DEFAULT_DAYS * DAY_US);
        const summary = await simulateMarket(out!, {
          symbols: exchangeSymbols(SIMULATED_EXCHANGE, options.symbols),
          from,
          to,
          seed: settings.seed,
          edge: options.edge,
          ...faultsAsked(options.faults),
          types: chosenTypes(options.types),
          progress: (done, total) => progress(done, total, "symbol-days"),
        });
        say(
          `${summary.files} files, ${summary.rows} rows in ${out} (${summary.kept} symbol-days kept)`,
        );
        say(
          `accuracy at 15 minutes: oracle ${percent(summary.oracleAccuracy["15m"]!)}, ` +
            `attainable ${percent(summary.attainableAccuracy["15m"]!)}`,
        );
        return { json: summary, exitCode: 0 };
      }),
    );
};

function faultsAsked(
  asked: true | string | undefined,
): Pick<SimulationOptions, "hasFaults" | "faultKinds"> {
  if (typeof asked !== "string") return { hasFaults: asked === true };
  return { hasFaults: true, faultKinds: faultKindNames(asked) };
}

function chosenTypes(list: string): (typeof TYPES)[number][] {
  return list.split(",").map((name) => {
    const type = TYPES.find((one) => one === name.trim());
    if (type !== undefined) return type;
    throw new OptionError({
      column: "--types",
      message: `was "${name}", which the simulator does not write`,
      fix: `choose among ${TYPES.join(", ")}`,
    });
  });
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}
