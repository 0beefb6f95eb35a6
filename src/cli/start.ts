// The main job: a market, real or simulated, through every notebook to its reports.
import path from "node:path";
import { Option } from "commander";
import { OptionError } from "../core/errors.js";
import { makeFolder } from "../core/folder.js";
import { PROJECT_ROOT } from "../core/settings-file.js";
import { exchangeSymbols, SIMULATED_EXCHANGE } from "../core/symbols.js";
import { DAY_US, dateOf, dayStartUs, daysBetween } from "../core/time.js";
import { openSource } from "../ingest/open-source.js";
import { planIngest } from "../ingest/plan.js";
import type { ReportRecord } from "../reporting/report-record.js";
import { startDatasetServer } from "../simulate/dataset-server.js";
import { EDGE_NAMES, type Edge } from "../simulate/settings.js";
import { simulateMarket } from "../simulate/simulate-market.js";
import { fingerprintFile } from "../store/fingerprint.js";
import { listPartitions } from "../store/list.js";
import { removeTable } from "../store/prune.js";
import { openStore } from "../store/store.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { deviceOption } from "./device-option.js";
import { chosenNotebooks, runAndTell } from "./notebooks.js";
import { DEFAULT_MARKET, mirrorFolder } from "./remembered-parameters.js";
import { bringInSimulatedCandles } from "./simulated-candles.js";

interface StartOptions {
  readonly source?: string;
  readonly exchange?: string;
  readonly symbols: string;
  readonly from?: string;
  readonly to?: string;
  readonly edge: Edge;
  readonly certificate?: string;
  readonly reports: string;
}

/** Parameters of the notebooks, by their names there. */
interface Market {
  readonly source: string;
  readonly certificate: string;
  readonly exchange: string;
  readonly symbols: string;
  readonly from: string;
  readonly to: string;
}

const SIMULATED_FROM = DEFAULT_MARKET.from;
const SIMULATED_DAYS = 12;
/** What the line reads of a simulated market; snapshots are the book once more, and large. */
const SIMULATED_TYPES = [
  "trades",
  "incremental_book_L2",
  "quotes",
  "simulation_truth",
  "candles",
] as const;

/** `tickbook start`: what `npm start` runs. */
export const startCommand: AddCommand = (program) => {
  program
    .command("start")
    .description(
      "run everything: a simulated market, or --source, through all notebooks to reports",
    )
    .option("--source <source>", "mirror folder, https address, or tardis (default: simulate)")
    .option("--exchange <name>", "with --source: the vendor's name (default: binance)")
    .option("--symbols <names>", "coins or the exchange's own symbols", "BTC,ETH,SOL")
    .option("--from <day>", `first UTC day (simulated: ${SIMULATED_FROM})`)
    .option("--to <day>", `day after the last (default: one day, simulated: ${SIMULATED_DAYS})`)
    .option("--seed <number>", "of the simulated market and of training")
    .addOption(
      new Option("--edge <name>", "how much the simulated order flow tells of the price")
        .choices(EDGE_NAMES)
        .default("informative"),
    )
    .addOption(deviceOption())
    .option("--certificate <file>", "PEM file of a server's certificate to trust in this run")
    .option("--reports <dir>", "where reports go", path.join(PROJECT_ROOT, "reports"))
    .action(action<StartOptions>((_, options, context) => run(options, context)));
};

async function run(options: StartOptions, context: CommandContext): Promise<CommandResult> {
  makeFolder(context.dataDir, "--data");
  makeFolder(options.reports, "--reports");
  if (options.source !== undefined) {
    return await report(await realMarket(options, options.source, context), options, context);
  }
  return await simulatedRun(options, context);
}

/** Simulates, serves and runs on what the server gives, so that the vendor's own client is used. */
async function simulatedRun(
  options: StartOptions,
  context: CommandContext,
): Promise<CommandResult> {
  if (options.exchange !== undefined && options.exchange !== SIMULATED_EXCHANGE) {
    throw new OptionError({
      column: "--exchange",
      message: `was "${options.exchange}" without a --source to read it from`,
      fix: "name a --source, or leave --exchange out for the simulated market",
    });
  }
  const { edge, symbols } = options;
  const { seed } = context.settings;
  const from = options.from ?? SIMULATED_FROM;
  const to = options.to ?? dateOf(dayStartUs(from, "--from") + SIMULATED_DAYS * DAY_US);
  const days = daysBetween(from, to);
  const mirror = mirrorFolder(path.resolve(context.dataDir), { edge, seed, from });
  const begun = performance.now();
  const names = exchangeSymbols(SIMULATED_EXCHANGE, symbols);
  const market = await simulateMarket(mirror, {
    symbols: names,
    from,
    to,
    seed,
    edge,
    hasFaults: false,
    types: SIMULATED_TYPES,
    progress: (done, total) => context.progress(done, total, "symbol-days simulated"),
  });
  const percent = (ratio: number | undefined): string =>
    `${(100 * (ratio ?? Number.NaN)).toFixed(1)} %`;
  context.say(
    `● ${"simulate".padEnd(19)} ${market.kept === names.length * days.length ? "kept" : "done"}      ` +
      `${market.rows.toLocaleString("en-US")} rows; at 15 minutes the attainable accuracy is ` +
      `${percent(market.attainableAccuracy["15m"])}, the oracle's ${percent(market.oracleAccuracy["15m"])} ` +
      `${((performance.now() - begun) / 1000).toFixed(1)} s`,
  );
  await dropOtherMarkets(context.dataDir, mirror);
  context.say(await bringInSimulatedCandles(context.dataDir, mirror, { symbols: names, days }));
  const server = await startDatasetServer(mirror);
  try {
    const { url, certificate } = server;
    const served = { source: url, certificate, exchange: SIMULATED_EXCHANGE, symbols, from, to };
    return await report(served, options, context, { source: mirror, certificate: "" });
  } finally {
    await server.close();
  }
}

/**
 * Removes simulated partitions that were made from other files than the mirror's: a served file is taken as unchanged
 * once it is stored, and another seed or edge has the same names.
 */
async function dropOtherMarkets(dataDir: string, mirror: string): Promise<void> {
  const store = await openStore(dataDir);
  try {
    for (const { folder, manifest } of await listPartitions(store, {
      exchange: SIMULATED_EXCHANGE,
    })) {
      const file = path.join(mirror, manifest.source.path);
      const found = await fingerprintFile(file).catch(() => undefined);
      if (found?.sha256 === manifest.source.sha256) continue;
      await removeTable(store, folder);
    }
  } finally {
    await store.close();
  }
}

/** The market of a source that somebody named; fails before any notebook runs when the source has nothing of it. */
async function realMarket(
  options: StartOptions,
  source: string,
  { dataDir, say }: CommandContext,
): Promise<Market> {
  const exchange = options.exchange ?? "binance";
  const symbols = exchangeSymbols(exchange, options.symbols);
  if (options.from === undefined) {
    throw new OptionError({
      column: "--from",
      message: "was missing, and a --source has more days than one",
      fix: "name the first day, for example --from 2024-11-01",
    });
  }
  const days = daysBetween(options.from, options.to);
  const { certificate } = options;
  const apiKey = process.env["TARDIS_API_KEY"];
  const opened = await openSource(source, {
    ...(certificate === undefined ? {} : { certificate }),
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  const store = await openStore(dataDir);
  try {
    const plan = await planIngest(store, opened, { exchange, symbols, days });
    const there = plan.filter(({ status }) => status === "new" || status === "stored").length;
    const refused = plan.filter(({ status }) => status === "refused");
    const refusal = refused.find(({ reason }) => reason !== undefined)?.reason ?? "";
    if (there === 0) {
      const asked = `of ${exchange} ${symbols.join(", ")} from ${options.from}`;
      const message = `was ${opened.name}, which has no file ${asked}`;
      throw new OptionError({
        column: "--source",
        message: refused.length === 0 ? message : `${message} that it opens: ${refusal}`,
        fix: "check --exchange, --symbols, --from and --to",
      });
    }
    const others = refused.length === 0 ? "" : `, ${refused.length} are refused: ${refusal}`;
    say(`● ${"source".padEnd(19)} ${there} of ${plan.length} files are there${others}`);
  } finally {
    opened.close();
    await store.close();
  }
  const isFolder = source !== "tardis" && !source.includes("://");
  return {
    source: isFolder ? path.resolve(source) : source,
    certificate: certificate === undefined ? "" : path.resolve(certificate),
    exchange,
    symbols: symbols.join(","),
    from: options.from,
    to: options.to ?? dateOf(dayStartUs(options.from) + DAY_US),
  };
}

async function report(
  market: Market,
  { reports }: StartOptions,
  context: CommandContext,
  lasting: Partial<Market> = {},
): Promise<CommandResult> {
  const { horizonBars, latencyMs, seed } = context.settings;
  const dataDir = path.resolve(context.dataDir);
  const parameters = { ...market, dataDir, horizonBars, latencyMs, seed };
  const records = await runAndTell(chosenNotebooks(""), { parameters, lasting, reports }, context);
  for (const line of summary(records)) context.say(line);
  const html = path.join(path.resolve(reports), "index.html");
  context.say(`Read on in ${html}`);
  return { json: { reports: html, records }, exitCode: records.every(({ ok }) => ok) ? 0 : 1 };
}

const TOO_LITTLE = ["accuracy", "not enough data for a model; 04-baseline says how much"] as const;

/** The short table at the end: what came in, what was made of it, and what it was worth. */
function summary(records: readonly ReportRecord[]): readonly string[] {
  const figures = Object.assign(
    {},
    ...records.map((record) => record.figures),
  ) as ReportRecord["figures"];
  const text = (name: string): string => {
    const value = figures[name];
    return typeof value === "number" ? value.toLocaleString("en-US") : (value ?? "—");
  };
  const percent = (name: string): string => {
    const value = figures[name];
    return typeof value === "number" ? `${(100 * value).toFixed(1)} %` : "—";
  };
  const accuracy = `${percent("accuracy")} (${text("model")})`;
  const modelRows: readonly (readonly [string, string])[] = [
    [
      "accuracy",
      `${accuracy}, majority ${percent("majority")}, attainable ${percent("attainable")}`,
    ],
    ["calibration error", percent("calibrationError")],
    ["gates", `${text("gatesPassed")} of ${text("gates")} passed`],
  ];
  const rows: readonly (readonly [string, string])[] = [
    ["rows", text("rows")],
    ["features", `${text("features")} in each of ${text("bars")} bars`],
    ...(figures["accuracy"] === undefined ? [TOO_LITTLE] : modelRows),
  ];
  return ["", ...rows.map(([name, value]) => `  ${name.padEnd(18)} ${value}`), ""];
}
