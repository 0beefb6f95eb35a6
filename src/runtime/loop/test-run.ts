// For tests only: a run over synthetic markets of two symbols, with a small model, a journal in memory, and no files.
import { SECOND_US } from "../../core/time.js";
import { catalogueHash } from "../../features/catalogue.js";
import type { EngineSettings } from "../../features/engine-settings.js";
import {
  BAR_US,
  type Market,
  rowsBefore,
  START_US,
  slice,
  syntheticMarket,
} from "../../features/test-market.js";
import { MarketsReplay } from "../../market/markets-replay.js";
import { PROFILE_BINS } from "../../models/input-profile.js";
import { RULES_PRESETS } from "../../trading/rules/account-rules.js";
import { GUARD_SETTINGS } from "../../trading/rules/guard.js";
import type { FeedSource } from "../feed/feed.js";
import type { JournalRecord } from "../records.js";
import type { LiveModel } from "../signal/live-model.js";
import { SIGNAL_SETTINGS } from "../signal/signal.js";
import { Control } from "./control.js";
import { type MarketStart, type OpenRun, openRun, type RunParts } from "./open-run.js";
import { Pacer } from "./pacer.js";
import { NO_PRIOR } from "./prior.js";
import type { RunJournal, WrittenRecords } from "./run-journal.js";
import type { RunSettings } from "./run-settings.js";
import { NO_WATCHER } from "./run-watcher.js";
import type { SessionState } from "./session-state.js";

export const SYMBOLS: readonly string[] = ["BTCUSDT", "ETHUSDT"];
export const ENGINE: EngineSettings = { barUs: BAR_US, staleAfterUs: 3 * SECOND_US };

/** Reads two inputs, and is sure of one bar in two. */
export const MODEL: LiveModel = liveModel();

function liveModel(): LiveModel {
  const featureNames = ["obi_l1", "tfi"];
  const width = featureNames.length;
  const scaler = {
    mean: new Float64Array(width),
    deviation: new Float64Array(width).fill(1),
  };
  const model = { kind: "logistic", weights: Float64Array.of(1, 0.5), intercept: 0 } as const;
  const calibrator = { kind: "temperature", temperature: 1 } as const;
  return {
    name: "logistic@000000000000",
    exchange: "simulated",
    symbols: SYMBOLS,
    barUs: BAR_US,
    horizonBars: 4,
    latencyUs: 0.2 * SECOND_US,
    predictor: { featureNames, scaler, model, calibrator },
    profile: {
      featureNames,
      scaler,
      edges: new Float64Array(width * (PROFILE_BINS - 1)),
      counts: new Float64Array(width * PROFILE_BINS).fill(1),
      distanceLimit: 8,
      shiftLimit: Number.POSITIVE_INFINITY,
      threshold: 0.1,
    },
    steps: 1,
    bundleSha256: "0".repeat(64),
    catalogueHash: catalogueHash(),
    promotedEntry: 1,
  };
}

export const SETTINGS: RunSettings = {
  run: "test",
  mode: "paper",
  exchange: "simulated",
  symbols: SYMBOLS,
  feeBps: 3.25,
  minimumOrderUsd: 5,
  signal: { ...SIGNAL_SETTINGS, maxSpreadBps: 1000, maxBookless: 0.5, maxExcess: 1000 },
  risk: {
    rules: { ...RULES_PRESETS["ftmo-two-step"], lots: {} },
    phase: "challenge",
    guard: GUARD_SETTINGS,
    cooldown: { lossesInARow: 0, lossUsd: 0, windowMinutes: 0, bars: 0, barUs: BAR_US },
    costRatio: 5e-4,
    swapRatio: 0,
    fundingRate: 0,
  },
  limits: { ordersPerMinute: 1000, ordersPerDay: 1e6, requestsPerMinute: 1000 },
};

/** Markets by symbol. */
export function markets(bars: number, seed = 1): readonly Market[] {
  return SYMBOLS.map((_, i) => syntheticMarket(seed + i, bars));
}

/** Events in memory as a feed that can be rewound. */
export function memoryFeed(all: readonly Market[]): FeedSource {
  return {
    canRewind: true,
    open: async (fed, keeper, fromUs) => {
      const replayed = fed.map(({ stream }, i) => {
        const { trades, bookChanges } = all[i]!;
        const rest = <Table extends Market["trades"] | Market["bookChanges"]>(table: Table) =>
          slice(table, rowsBefore(table, fromUs), table.price.length);
        return { stream, sources: { trades: [rest(trades)], bookChanges: [rest(bookChanges)] } };
      });
      const replay = new MarketsReplay(replayed, keeper);
      return { run: () => replay.run(), close: () => replay.close() };
    },
  };
}

/** Key of a record; no two of a run may have the same one and differ. */
function keyOf(record: JournalRecord): string {
  switch (record.kind) {
    case "decision":
      return `decision ${record.symbol} ${record.barEndUs}`;
    case "order":
      return `order ${record.id}`;
    case "order-end":
      return `end ${record.orderId}`;
    case "fill":
      return `fill ${record.orderId} ${record.number}`;
    case "trade":
      return `trade ${record.openedBy} ${record.closedUs}`;
    case "equity":
      return `equity ${record.atUs}`;
    case "risk":
      return `risk ${record.atUs} ${record.name} ${record.symbol} ${record.detail}`;
    default:
      return record.kind;
  }
}

/** A record without what the machine's clock says. */
export function timeless(record: JournalRecord): JournalRecord {
  return record.kind === "decision" ? { ...record, tookUs: 0 } : record;
}

/** Keeps records by their keys, as a database does; the first of a key stays, and another one is remembered as a conflict. */
export class MemoryJournal implements RunJournal {
  isUp: boolean = true;
  /** What a write that needs the database gets. */
  answers: boolean = true;
  readonly records: Map<string, JournalRecord> = new Map();
  readonly conflicts: JournalRecord[] = [];

  async write(
    records: readonly JournalRecord[],
    needs: "database" | "local",
  ): Promise<WrittenRecords> {
    const refused: JournalRecord[] = [];
    for (const record of records) {
      const key = keyOf(record);
      const known = this.records.get(key);
      if (known === undefined) this.records.set(key, record);
      else if (JSON.stringify(timeless(known)) !== JSON.stringify(timeless(record))) {
        refused.push(record);
      }
    }
    this.conflicts.push(...refused);
    return { where: needs === "database" && this.answers ? "database" : "file", refused };
  }

  of<Kind extends JournalRecord["kind"]>(
    kind: Kind,
  ): readonly Extract<JournalRecord, { readonly kind: Kind }>[] {
    return [...this.records.values()].filter((one) => one.kind === kind) as never;
  }
}

/** Nobody halts, nobody demotes. */
const FREE: Control = new Control("/nowhere", async () => {});

const START: MarketStart = {
  engine: ENGINE,
  source: { hasTrades: true, tag: "incremental_book_L2" },
  state: undefined,
  before: [],
  clock: [],
};

/** Opens a run over markets. */
export async function testRun(
  all: readonly Market[],
  journal: RunJournal,
  parts: Partial<RunParts> = {},
): Promise<OpenRun> {
  return await openRun({
    settings: SETTINGS,
    model: MODEL,
    source: memoryFeed(all),
    starts: SYMBOLS.map(() => START),
    journal,
    control: FREE,
    watcher: NO_WATCHER,
    pacer: new Pacer(Number.POSITIVE_INFINITY, new AbortController().signal),
    prior: NO_PRIOR,
    beginUs: START_US,
    settingsHash: "0".repeat(64),
    onBar: async () => {},
    ...parts,
  });
}

/** Runs to the end and gives the states after some bars, counted from 0, as JSON gives them back. */
export async function statesOf(
  all: readonly Market[],
  journal: RunJournal,
  bars: readonly number[],
  parts: Partial<RunParts> = {},
): Promise<readonly SessionState[]> {
  const states: SessionState[] = [];
  let bar = 0;
  const run = await testRun(all, journal, {
    ...parts,
    onBar: async (_barEndUs, save) => {
      if (bars.includes(bar++)) states.push(JSON.parse(JSON.stringify(save())));
    },
  });
  await run.run();
  return states;
}
