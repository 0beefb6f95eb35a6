// Everything that a report tells of one run: what its journal holds, and what is computed again beside it.
import { type Shortfall, shortfall } from "../../core/shortfall.js";
import { featuresFolder } from "../../features/feature-partition.js";
import { type Acceptance, judgeRun } from "../../runtime/acceptance/acceptance.js";
import { type KnownRun, knownRun } from "../../runtime/acceptance/known-run.js";
import { checkParity, type Parity } from "../../runtime/acceptance/parity.js";
import { databaseUrl } from "../../runtime/journal/database-url.js";
import { type JournalReader, openReader } from "../../runtime/journal/open-reader.js";
import { allRecords, listRuns, readRecords } from "../../runtime/journal/read-run.js";
import type { RecordKind, RecordOf } from "../../runtime/journal/tables.js";
import type {
  DecisionRecord,
  EquityRecord,
  FillRecord,
  OrderEndRecord,
  OrderRecord,
  RiskRecord,
  TradeRecord,
} from "../../runtime/records.js";
import { rehearse } from "../../runtime/rehearse.js";
import { type LiveModel, openLiveModel } from "../../runtime/signal/live-model.js";
import { readDerivedManifest } from "../../store/derived.js";
import type { Store } from "../../store/store.js";
import type { MarketRange } from "../store-summary.js";
import { rehearsedModel } from "./rehearsed-model.js";

/** A decision without the features that it was made from. */
export type RunDecision = Omit<DecisionRecord, "features">;

/** How far inputs and confidence had moved at a bar. */
export interface DriftPoint {
  readonly symbol: string;
  readonly barEndUs: number;
  /** Mean stability index of the last day's inputs; NaN before a day of them. */
  readonly shift: number;
  /** Standard errors by which confidence is above what came true; NaN before it can be said. */
  readonly excess: number;
}

/** A run with all that is told of it. */
export interface RunReport {
  readonly run: KnownRun;
  /** True for the one that the report itself began. */
  readonly isRehearsal: boolean;
  /** Names of all runs in the journal. */
  readonly runs: readonly string[];
  readonly model: Pick<LiveModel, "name" | "barUs" | "horizonBars">;
  /** Beyond it inputs have drifted. */
  readonly shiftLimit: number;
  readonly decisions: readonly RunDecision[];
  readonly orders: readonly OrderRecord[];
  readonly ends: readonly OrderEndRecord[];
  readonly fills: readonly FillRecord[];
  readonly trades: readonly TradeRecord[];
  readonly equity: readonly EquityRecord[];
  readonly events: readonly RiskRecord[];
  readonly parity: Parity;
  readonly drift: readonly DriftPoint[];
  readonly acceptance: Acceptance;
}

/** Points of drift a symbol. */
const DRIFT_POINTS = 2000;

/**
 * Reads a run. Without a name it is a rehearsal: the last day of the range is run dry with the last logistic regression, which
 * takes some seconds and is kept.
 *
 * @param options.run - name of a run in the journal; empty for the rehearsal
 * @throws {OptionError} the journal has no run of that name
 * @throws {DataError} the journal cannot be reached, or something was changed
 */
export async function describeRun(
  store: Store,
  range: MarketRange,
  { run: asked, seed }: { readonly run: string; readonly seed: number },
): Promise<RunReport | Shortfall> {
  const isRehearsal = asked === "";
  const name = isRehearsal ? await rehearsal(store, range) : asked;
  if (typeof name !== "string") return name;
  const journal = await openReader({ data: store.root, databaseUrl: databaseUrl() });
  try {
    return { ...(await readReport(store, journal, { name, seed })), isRehearsal };
  } finally {
    await journal.close();
  }
}

/** The last stored day of the first symbol, run dry. */
async function rehearsal(
  store: Store,
  { exchange, symbols, days }: MarketRange,
): Promise<string | Shortfall> {
  const step =
    "show a run: no run was named, and a rehearsal takes a model that was trained on ticks";
  const none = shortfall({ step, what: "models", has: 0, needs: 1 });
  const [symbol] = symbols;
  const model =
    symbol === undefined ? undefined : await rehearsedModel(store.root, { exchange, symbol });
  if (symbol === undefined || model === undefined) return none;
  const dates = [...days].reverse();
  for (const date of dates) {
    const folder = featuresFolder({ exchange, symbol, date }, model.barUs);
    if ((await readDerivedManifest(store, folder)) === undefined) continue;
    return await rehearse(store, model, { symbol, date });
  }
  return shortfall({ step: "rehearse a run", what: "days with features", has: 0, needs: 1 });
}

async function readReport(
  store: Store,
  journal: JournalReader,
  { name, seed }: { readonly name: string; readonly seed: number },
): Promise<Omit<RunReport, "isRehearsal">> {
  const { root } = store;
  const run = await knownRun(journal, name);
  const model = await openLiveModel(root, run.model.model, { isRehearsal: true });
  const all = <Kind extends RecordKind>(kind: Kind): Promise<readonly RecordOf<Kind>[]> =>
    allRecords(journal, name, kind);
  const drift: DriftPoint[] = [];
  const stepBars = Math.ceil(Math.max(1, ...run.spans.map(({ bars }) => bars)) / DRIFT_POINTS);
  const parity = await checkParity(store, journal, {
    ...{ run, model },
    onSignal: (symbol, barEndUs, { shift, excess }) => {
      if (Math.round(barEndUs / model.barUs) % stepBars !== 0) return;
      drift.push({ symbol, barEndUs, shift, excess });
    },
  });
  return {
    run,
    runs: (await listRuns(journal)).map((one) => one.run),
    model: { name: model.name, barUs: model.barUs, horizonBars: model.horizonBars },
    shiftLimit: model.profile.shiftLimit,
    decisions: await decisionsOf(journal, name),
    orders: await all("order"),
    ends: await all("order-end"),
    fills: await all("fill"),
    trades: await all("trade"),
    equity: await all("equity"),
    events: await all("risk"),
    ...{ parity, drift },
    acceptance: await judgeRun(journal, { root, run, model, parity, seed }),
  };
}

/** Features are left behind as they come: months of them fit into no memory. */
async function decisionsOf(journal: JournalReader, run: string): Promise<readonly RunDecision[]> {
  const found: RunDecision[] = [];
  for await (const { features: _, ...rest } of readRecords(journal, run, "decision")) {
    found.push(rest);
  }
  return found;
}
