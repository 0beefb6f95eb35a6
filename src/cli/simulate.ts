import { Option } from "commander";
import { OptionError } from "../core/errors.js";
import { exchangeSymbols, SIMULATED_EXCHANGE } from "../core/symbols.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import { EVENT_TYPES } from "../simulate/day-files.js";
import { faultKindNames } from "../simulate/faults/choose-kinds.js";
import { EDGE_NAMES, type Edge } from "../simulate/settings.js";
import { type SimulationOptions, simulateMarket } from "../simulate/simulate-market.js";
import { THIN_TYPES } from "../simulate/thin-files.js";
import { type AddCommand, action } from "./command.js";

const TYPES = [...EVENT_TYPES, "simulation_truth", "candles"] as const;
type MarketType = (typeof TYPES)[number];
const THIN: readonly MarketType[] = [...THIN_TYPES, "simulation_truth", "candles"];
const DEFAULT_DAYS = 12;

interface SimulateOptions {
  readonly symbols: string;
  readonly from: string;
  readonly to?: string;
  readonly edge: Edge;
  readonly types?: string;
  readonly thin?: true;
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
    .option(
      "--thin",
      `few events: seven book states and about four trades a minute that say what the full market says (${THIN.join(", ")})`,
    )
    .option("--types <list>", `some of ${TYPES.join(", ")} (default: all that the market has)`)
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
          ...(options.thin === undefined ? {} : { isThin: true }),
          ...faultsAsked(options.faults),
          types: chosenTypes(options),
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

function chosenTypes({
  types: list,
  thin,
}: Pick<SimulateOptions, "types" | "thin">): readonly MarketType[] {
  if (list === undefined) return thin === undefined ? TYPES : THIN;
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
