import { existsSync } from "node:fs";
import path from "node:path";
import { Option } from "commander";
import { OptionError } from "../core/errors.js";
import { FIRST, withPriority } from "../core/process-priority.js";
import { exchangeSymbols } from "../core/symbols.js";
import { databaseUrl } from "../runtime/journal/database-url.js";
import { REPLAY_LIMITS } from "../runtime/journal/journal-of-run.js";
import { type LiveOutcome, type LiveRequest, liveRun } from "../runtime/live-run.js";
import type { RunSettings } from "../runtime/loop/run-settings.js";
import { stateFile } from "../runtime/loop/session-state.js";
import { usualSettings } from "../runtime/loop/usual-settings.js";
import { requireSafeAccess } from "../runtime/monitor/access.js";
import type { KnownModel } from "../runtime/signal/former-model.js";
import type { LiveModel } from "../runtime/signal/live-model.js";
import { openExistingStore } from "../store/existing-store.js";
import type { Store } from "../store/store.js";
import { COST_PRESETS, type CostPreset } from "../trading/costs.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { type PreparedDemo, prepareDemo } from "./demo/prepare-demo.js";
import { END_SIGNALS } from "./end-signals.js";
import { EXPECT_HEAD } from "./ledger-head.js";
import { liveBegin, replayedDays } from "./live-begin.js";
import { onceEach } from "./once-each.js";
import { portNumber } from "./port-number.js";
import { openRunModel } from "./run-model.js";
import { requireSections } from "./settings-sections.js";
import { speedOption } from "./speed-option.js";

interface Options {
  readonly feed: "replay" | "stream";
  readonly mode: "dry-run" | "paper";
  readonly model?: string;
  readonly exchange?: string;
  readonly symbols?: string;
  readonly from?: string;
  readonly to?: string;
  readonly url?: string;
  readonly name?: string;
  readonly speed: string;
  readonly costs: CostPreset;
  readonly demo?: boolean;
  readonly rehearse?: boolean;
  readonly page: boolean;
  readonly host: string;
  readonly port: string;
  readonly expectHead?: string;
}

/** `live`: a promoted model decides bar by bar; exit 1 where a rule of the account was broken. */
export const liveCommand: AddCommand = (program) => {
  const command = program
    .command("live")
    .description("run a promoted model bar by bar, dry or on paper, with its journal and live page")
    .addOption(
      new Option("--feed <kind>", "stored days, or an exchange's stream")
        .choices(["replay", "stream"])
        .default("replay"),
    )
    .addOption(
      new Option("--mode <mode>", "decide and write down, or also order on paper")
        .choices(["dry-run", "paper"])
        .default("dry-run"),
    )
    .option("--model <name>", "NAME or NAME@version (default: what was promoted last)")
    .option("--exchange <name>", "exchange (default: the model's)")
    .option("--symbols <names>", "symbols or coins (default: the model's)")
    .option("--from <day>", "first UTC day of a replay")
    .option("--to <day>", "day after the last (default: the day after --from)")
    .option(
      "--url <address>",
      "socket of a stream in place of the exchange's own, as `serve --socket` prints it",
    )
    .option("--name <run>", "name of the run; one that is known goes on where it was")
    .option("--speed <factor>", "market seconds a second, or max", "max")
    .addOption(
      new Option("--costs <preset>", "whose fees")
        .choices(Object.keys(COST_PRESETS))
        .default("ftmo"),
    )
    .option(
      "--demo",
      "on the simulated market with a strong edge, whose honestly promoted model is made first (minutes)",
    )
    .option("--rehearse", "run a model that is not promoted, in dry-run only")
    .option("--no-page", "serve no live page")
    .option(
      "--host <address>",
      "where the page is served; others than this machine need TICKBOOK_MONITOR_TOKEN",
      "127.0.0.1",
    )
    .option("--port <number>", "0 takes a free one", "0")
    .option(...EXPECT_HEAD)
    .action(
      action<Options>(async (_args, options, context) => {
        requireSections();
        requireHeeded(options);
        requireSound(options);
        if (options.demo !== true) return await runIn(context.dataDir, options, context);
        const { root, ...demo } = await prepareDemo(context.dataDir, context);
        return await runIn(root, withDemo(options, demo), context);
      }),
    );
  onceEach(command);
};

/** An option that would not be heeded is a mistake. */
function requireHeeded({ demo, rehearse, model, exchange, expectHead }: Options): void {
  const misplaced: readonly (readonly [boolean, string, string, string])[] = [
    [demo === true && model !== undefined, "--model", "--demo", "makes its own model"],
    [demo === true && exchange !== undefined, "--exchange", "--demo", "makes its own market"],
    [
      rehearse === true && expectHead !== undefined,
      "--expect-head",
      "--rehearse",
      "asks no ledger",
    ],
  ];
  for (const [isMisplaced, column, beside, why] of misplaced) {
    if (!isMisplaced) continue;
    const message = `was given with ${beside}, which ${why}`;
    throw new OptionError({ column, message, fix: "leave one of the two out" });
  }
}

/** What is wrong whatever the store holds is told before minutes are spent on a demo. */
function requireSound(options: Options): void {
  const { rehearse = false, mode, feed, from, url, speed } = options;
  if (rehearse && mode !== "dry-run") {
    throw new OptionError({
      column: "--mode",
      message: `was ${mode} with --rehearse, which orders nothing`,
      fix: "rehearse with --mode dry-run, or promote the model",
    });
  }
  speedOption(speed);
  if (feed === "replay" && (from ?? url) !== undefined) replayedDays(options);
  const { server } = monitorOptions(options);
  if (server?.host !== undefined) requireSafeAccess({ ...server, host: server.host });
}

async function runIn(
  dataDir: string,
  options: Options,
  context: CommandContext,
): Promise<CommandResult> {
  const store = await openExistingStore(dataDir);
  try {
    return await runLive(store, options, { ...context, dataDir });
  } finally {
    await store.close();
  }
}

async function runLive(
  store: Store,
  options: Options,
  context: CommandContext,
): Promise<CommandResult> {
  const { rehearse = false } = options;
  const settingsOf = (model: KnownModel): RunSettings => runSettings(options, model);
  const model = await openRunModel(store.root, options, { settingsOf, say: context.say });
  const settings = settingsOf(model);
  if (!rehearse) requireKnownMarket(settings, model);
  const begin = await liveBegin(store, options, { settings, model });
  const { symbols } = settings;
  const { starts } = begin;
  const ended = endOnSignals();
  const { say } = context;
  if (model.promotedEntry === null)
    say(`UNPROMOTED: ${model.name} only rehearses; no gate has let it pass`);
  const cold = symbols.filter((_, i) => starts[i]!.state === undefined);
  const hasBegun = existsSync(stateFile(store.root, settings.run));
  if (cold.length > 0 && !hasBegun)
    say(`${cold.join(", ")} begin cold: no features of the day before are stored`);
  try {
    const request: LiveRequest = {
      root: store.root,
      ...{ settings, model, feed: options.feed },
      ...begin,
      speed: speedOption(options.speed),
      databaseUrl: databaseUrl(),
      ...(options.feed === "replay" ? { limits: REPLAY_LIMITS } : {}),
      monitor: monitorOptions(options),
      signal: ended.signal,
      onMonitor: ({ url }) => {
        if (url !== undefined) say(`live page at ${url}`);
      },
      onBar: (barEndUs) => {
        const { beginUs, untilUs } = begin;
        if (untilUs === undefined) return;
        const bars = (timeUs: number): number => Math.round((timeUs - beginUs) / model.barUs);
        context.progress(bars(barEndUs), bars(untilUs), "bars");
      },
    };
    const run = (): Promise<LiveOutcome> => liveRun(request);
    // A stream does not wait for whatever else this machine is at work on.
    const outcome = options.feed === "stream" ? await withPriority(FIRST, run) : await run();
    return report(outcome, { model, symbols }, context);
  } finally {
    ended.forget();
  }
}

/** The demo's model and days, where no others are asked for. */
function withDemo(
  options: Options,
  { model, exchange, symbols, from, to }: Omit<PreparedDemo, "root">,
): Options {
  const days = options.from === undefined ? { from, to } : {};
  return { symbols: symbols.join(","), ...options, model, exchange, ...days };
}

function report(
  outcome: LiveOutcome,
  { model, symbols }: { readonly model: LiveModel; readonly symbols: readonly string[] },
  { say, dataDir }: CommandContext,
): CommandResult {
  const { run, bars, signals, orders, events, equityUsd, status, phase, breaches, waiting } =
    outcome;
  const money = equityUsd.toLocaleString("en", { maximumFractionDigits: 2 });
  say(
    `${run}: ${bars} bars of ${symbols.length} ${symbols.length === 1 ? "symbol" : "symbols"}, ${events.toLocaleString("en")} events, ` +
      `${signals} signals, ${orders} orders, equity ${money} USD, ${phase} ${status}`,
  );
  for (const rule of breaches) say(`BREACH: ${rule}`);
  if (!outcome.isEnded) say("stopped; the same command goes on from here");
  if (waiting > 0)
    say(
      `${waiting} records wait for the journal's database in ${path.join(dataDir, "runtime", run)}`,
    );
  return {
    json: {
      ...outcome,
      model: model.name,
      isUnpromoted: model.promotedEntry === null,
    },
    exitCode: breaches.length > 0 ? 1 : 0,
  };
}

function runSettings({ mode, costs, ...options }: Options, model: KnownModel): RunSettings {
  const exchange = options.exchange ?? model.exchange;
  const symbols =
    options.symbols === undefined ? model.symbols : exchangeSymbols(exchange, options.symbols);
  const run = options.name ?? `${mode}-${exchange}-${model.name.replace("@", "-")}`;
  return usualSettings({ run, mode, exchange, symbols, costs, barUs: model.barUs });
}

/** A promotion holds for the market that the model was judged on; a rehearsal may look at another. */
function requireKnownMarket({ exchange, symbols }: RunSettings, model: LiveModel): void {
  const foreign = symbols.filter((symbol) => !model.symbols.includes(symbol));
  if (exchange === model.exchange && foreign.length === 0) return;
  const asked = exchange === model.exchange ? foreign.join(", ") : exchange;
  throw new OptionError({
    column: exchange === model.exchange ? "--symbols" : "--exchange",
    message: `was ${asked}, and ${model.name} was promoted on ${model.exchange} ${model.symbols.join(", ")}`,
    fix: "run it there, or rehearse it elsewhere with --rehearse",
  });
}

function monitorOptions({ page, host, port }: Options): LiveRequest["monitor"] {
  const token = process.env["TICKBOOK_MONITOR_TOKEN"];
  const address = process.env["TICKBOOK_WEBHOOK"];
  const server = { host, port: portNumber(port), ...(token ? { token } : {}) };
  return {
    ...(page ? { server } : {}),
    ...(address ? { alerts: { address, staleAfterMs: 60_000 } } : {}),
    ...(process.stderr.isTTY ? { terminal: process.stderr } : {}),
  };
}

/** The first signal ends the run in order; a second one is heard, too, and changes nothing. */
function endOnSignals(): { readonly signal: AbortSignal; readonly forget: () => void } {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  for (const signal of END_SIGNALS) process.on(signal, end);
  return {
    signal: controller.signal,
    forget: () => {
      for (const signal of END_SIGNALS) process.off(signal, end);
    },
  };
}
