// Does a run decide what the store's data says? Its journal beside features and signals that are computed anew.
import { DataError } from "../../core/errors.js";
import { DAY_US, dateOf, dayStartUs, daysBetween } from "../../core/time.js";
import { featuresFolder } from "../../features/feature-partition.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { readFeatureRows } from "../../features/stored-rows.js";
import { readDerivedManifest } from "../../store/derived.js";
import type { SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import { storedStart } from "../feed/stored-start.js";
import type { DecidedSpan } from "../journal/read-decisions.js";
import { readDecisions } from "../journal/read-decisions.js";
import type { JournalSource } from "../journal/read-run.js";
import type { DecisionRecord } from "../records.js";
import type { LiveModel } from "../signal/live-model.js";
import { SignalMaker } from "../signal/signal-maker.js";
import { rowDifferences, signalDifferences } from "./compare-bars.js";
import type { FeatureDistance } from "./feature-distances.js";
import type { KnownRun } from "./known-run.js";
import { type ParityFigures, ParityFindings } from "./parity-findings.js";
import { forgettingBars, StreamGap } from "./stream-gap.js";

/** What came of a comparison. */
export interface Parity extends ParityFigures {
  readonly run: string;
  readonly model: string;
  /** False for a run on a stream: its arrival times are not the vendor's file's, and bits need not be equal. */
  readonly isExact: boolean;
  /** By feature, how far apart values are; null where bits are compared. */
  readonly distances: readonly FeatureDistance[] | null;
}

/** Which run is compared, and on which days. */
export interface ParityRequest {
  readonly run: KnownRun;
  /** The one that the run asked. */
  readonly model: LiveModel;
  /** First UTC day; the run's first when left out. */
  readonly from?: string | undefined;
  /** Day after the last; the one after the run's last when left out. */
  readonly to?: string | undefined;
  /** Told of each signal that was computed anew. */
  readonly onSignal?: (symbol: string, barEndUs: number, maker: SignalMaker) => void;
}

/**
 * Compares a run's decisions with the store's features, and with the signals that they give from the run's first bar on.
 *
 * @throws {DataError} the model is another one than the run's, a partition is damaged, or the journal's database is down
 */
export async function checkParity(
  store: Store,
  journal: JournalSource,
  request: ParityRequest,
): Promise<Parity> {
  const { run, model } = request;
  requireModel(run, model);
  const isExact = run.settings.feed === "replay";
  const found = new ParityFindings({ isExact });
  for (const symbol of run.record.symbols) {
    found.begin(symbol);
    const span = run.spans.find((one) => one.symbol === symbol);
    if (span !== undefined) await compareSymbol(store, journal, { request, span, found });
    found.end(symbol);
  }
  return {
    run: run.record.run,
    model: model.name,
    isExact,
    ...found.value(),
    distances: isExact ? null : found.distances.all(),
  };
}

interface SymbolComparison {
  readonly request: ParityRequest;
  readonly span: DecidedSpan;
  readonly found: ParityFindings;
}

async function compareSymbol(
  store: Store,
  journal: JournalSource,
  comparison: SymbolComparison,
): Promise<void> {
  const { request, span, found } = comparison;
  const { exchange } = request.run.record;
  const { barUs } = request.model;
  const days = daysOf(span);
  const first = { exchange, symbol: span.symbol, date: days[0]! };
  const isExact = request.run.settings.feed === "replay";
  const gap = new StreamGap(isExact ? Number.POSITIVE_INFINITY : forgettingBars(request.model));
  let maker = await makerFor(store, request, first);
  for (const date of days) {
    const day = { exchange, symbol: span.symbol, date };
    const isThere = (await readDerivedManifest(store, featuresFolder(day, barUs))) !== undefined;
    const stored = isThere ? await readFeatureRows(store, day, barUs) : undefined;
    const { use, beginsAnew } = gap.day(stored);
    const isWanted = isWithin(date, request);
    if (isWanted && use === "missing") found.missingDays.push(day);
    if (isWanted && use === "apart") found.apartDays.push(day);
    if (stored === undefined || (use === "apart" && isExact)) continue;
    const { signal } = request.run.settings;
    if (beginsAnew) maker = new SignalMaker(request.model, stored.source, signal);
    const isAsked = isWanted && use === "compared";
    // What was staked on the days before says how long the first of those that are asked for cool down.
    const isNeeded = isAsked || signal.cooldownBars > 0;
    const decisions = isNeeded ? await decisionsOf(journal, request.run, day) : [];
    await compareDay(stored.rows, decisions, { ...comparison, maker, isAsked });
  }
}

/** A bar belongs to the day that it ends, and the last of a day ends at midnight. */
function daysOf({ firstUs, lastUs }: DecidedSpan): readonly string[] {
  return daysBetween(dateOf(firstUs - 1), dateOf(lastUs - 1 + DAY_US));
}

/** Begins as the run did. */
async function makerFor(
  store: Store,
  { run, model }: ParityRequest,
  day: SymbolDay,
): Promise<SignalMaker> {
  const { barUs, steps } = model;
  const start = await storedStart(store, { ...day, barUs, steps });
  const clock = start.clock.length === 0 ? {} : { clock: start.clock };
  const maker = new SignalMaker(model, start.source, run.settings.signal, clock);
  for (const [i, { rows, beginsStream }] of start.before.entries()) {
    if (i > 0 && beginsStream) maker.beginStream();
    for (const row of rows) maker.warm(row);
  }
  return maker;
}

async function decisionsOf(
  journal: JournalSource,
  { record }: KnownRun,
  { symbol, date }: SymbolDay,
): Promise<readonly DecisionRecord[]> {
  const fromUs = dayStartUs(date);
  return await readDecisions(journal, record.run, { symbol, fromUs, untilUs: fromUs + DAY_US });
}

interface DayComparison extends SymbolComparison {
  readonly maker: SignalMaker;
  /** False for a day that only leads to those that are asked for. */
  readonly isAsked: boolean;
}

async function compareDay(
  rows: readonly FeatureRow[],
  decisions: readonly DecisionRecord[],
  { request, span, found, maker, isAsked }: DayComparison,
): Promise<void> {
  const { symbol, firstUs, lastUs } = span;
  const byEnd = new Map(decisions.map((one) => [one.barEndUs, one]));
  for (const row of rows) {
    const { barEndUs } = row;
    if (barEndUs < firstUs) maker.warm(row);
    if (barEndUs < firstUs || barEndUs > lastUs) continue;
    const logged = byEnd.get(barEndUs);
    byEnd.delete(barEndUs);
    // Whether the connection was lost is known from the run alone.
    const signal = await maker.next(row, { isFeedBad: logged?.reason === "feed" });
    // What account, limits and people let through is known from the run alone, too.
    if (logged?.side === 0) maker.unstake();
    request.onSignal?.(symbol, barEndUs, maker);
    if (!isAsked) continue;
    if (logged === undefined) found.missing("decision missing", symbol, barEndUs);
    else if (request.run.settings.feed === "replay") {
      found.bar(logged, [...rowDifferences(logged, row), ...signalDifferences(logged, signal)]);
    } else found.pair(logged, row, signal);
  }
  if (!isAsked) return;
  for (const barEndUs of byEnd.keys()) found.missing("stored row missing", symbol, barEndUs);
}

function isWithin(date: string, { from, to }: ParityRequest): boolean {
  return (from === undefined || date >= from) && (to === undefined || date < to);
}

function requireModel({ model: asked }: KnownRun, model: LiveModel): void {
  if (asked.bundleSha256 === model.bundleSha256) return;
  throw new DataError({
    file: asked.model,
    message: "is another bundle now than the one that the run asked",
    fix: "bring the registry's folder of that model back from a copy",
  });
}
