// What were the best levels of a stream in a window, broken states included?
import {
  type BookState,
  type BookType,
  RebuiltState,
  SnapshotState,
} from "../../audit/measuring/book-state.js";
import { Replay } from "../../market/replay.js";
import { readBookChanges, readManifest, readQuotes, type SymbolDay } from "../../store/read.js";
import { readSnapshots } from "../../store/read-snapshots.js";
import type { Store } from "../../store/store.js";
import { extremeRows } from "../downsample.js";
import type { PictureWindow } from "./finding-window.js";

/** States in arrival order; all columns have the same length. An empty side is NaN. */
export interface WindowStates {
  readonly timesUs: Float64Array;
  readonly bidPrice: Float64Array;
  readonly askPrice: Float64Array;
  readonly bidAmount: Float64Array;
  readonly askAmount: Float64Array;
  /** Sum of the amounts of the best levels of both sides; NaN where no levels were asked for. */
  readonly depth: Float64Array;
  /** States that came in the window, also where not all are kept. */
  readonly count: number;
}

/** Which states. */
export interface StatesRequest {
  readonly type: BookType;
  readonly window: PictureWindow;
  /** Levels of each side that make up the depth; 0 for none. */
  readonly levels?: number;
}

/** Beyond so many states, those that hold no extreme are left out. */
const MOST_STATES = 60_000;
const KEPT_STATES = 6000;

/**
 * States of a stream within a window, with the one that stands when it begins: crossed and one-sided ones as they are. Where
 * there are very many, the lowest and highest of each stretch. None where the store has none of that day.
 *
 * @throws {DataError} the partition is damaged
 */
export async function windowStates(
  store: Store,
  day: SymbolDay,
  { type, window, levels = 0 }: StatesRequest,
): Promise<WindowStates> {
  const rows = new StateRows(window, levels);
  if (((await readManifest(store, { ...day, type }))?.rows ?? 0) === 0) return rows.columns();
  if (type === "incremental_book_L2") await replayChanges(store, day, rows, window);
  else if (type === "quotes") await takeQuotes(store, day, rows, window);
  else await takeSnapshots(store, day, rows, { type, window, levels });
  return rows.columns();
}

async function replayChanges(
  store: Store,
  day: SymbolDay,
  rows: StateRows,
  { toUs }: PictureWindow,
): Promise<void> {
  const state = new RebuiltState();
  const replay = new Replay({
    onTrade: () => {},
    onBook: (localUs, book) => rows.add(localUs, state.read(book), { isNewOnly: true }),
  });
  for await (const batch of readBookChanges(store, day)) {
    await replay.run({ bookChanges: [batch] });
    if (batch.localTimestampUs[0]! > toUs) break;
  }
  replay.finish();
}

async function takeQuotes(
  store: Store,
  day: SymbolDay,
  rows: StateRows,
  { toUs }: PictureWindow,
): Promise<void> {
  for await (const batch of readQuotes(store, day)) {
    for (let i = 0; i < batch.localTimestampUs.length; i++) {
      const touch = {
        bidPrice: batch.bidPrice[i]!,
        bidAmount: batch.bidAmount[i]!,
        askPrice: batch.askPrice[i]!,
        askAmount: batch.askAmount[i]!,
      };
      rows.add(batch.localTimestampUs[i]!, { touch, depth: () => Number.NaN });
    }
    if (batch.localTimestampUs[0]! > toUs) break;
  }
}

async function takeSnapshots(
  store: Store,
  day: SymbolDay,
  rows: StateRows,
  { type, window, levels }: Required<StatesRequest>,
): Promise<void> {
  const state = new SnapshotState();
  const depth = type === "book_snapshot_5" ? 5 : 25;
  for await (const batch of readSnapshots(store, day, { depth, levels: Math.max(1, levels) })) {
    for (let i = 0; i < batch.localTimestampUs.length; i++) {
      rows.add(batch.localTimestampUs[i]!, state.read(batch, i));
    }
    if (batch.localTimestampUs[0]! > window.toUs) break;
  }
}

const COLUMNS = ["timesUs", "bidPrice", "askPrice", "bidAmount", "askAmount", "depth"] as const;

type Row = readonly [
  timesUs: number,
  bidPrice: number,
  askPrice: number,
  bidAmount: number,
  askAmount: number,
  depth: number,
];

/** Collects the states of a window. */
class StateRows {
  private readonly window: PictureWindow;
  private readonly levels: number;
  private rows: Row[] = [];
  /** What stands when the window begins. */
  private before: Row | undefined;
  /** Whether a later state ends the last one of the window. */
  private goesOn = false;
  private count = 0;

  constructor(window: PictureWindow, levels: number) {
    this.window = window;
    this.levels = levels;
  }

  /** @param options.isNewOnly - leaves out a state that looks like the one before */
  add(
    localUs: number,
    state: BookState,
    { isNewOnly = false }: { readonly isNewOnly?: boolean } = {},
  ): void {
    const { fromUs, toUs } = this.window;
    if (localUs > toUs) {
      this.goesOn = true;
      return;
    }
    const { bidPrice, askPrice, bidAmount, askAmount } = state.touch;
    const depth =
      this.levels === 0
        ? Number.NaN
        : state.depth("bid", this.levels) + state.depth("ask", this.levels);
    const timeUs = Math.max(fromUs, localUs);
    const row: Row = [timeUs, bidPrice, askPrice, bidAmount, askAmount, depth];
    if (localUs < fromUs) {
      this.before = row;
      return;
    }
    if (this.before !== undefined) this.rows.push(this.before);
    this.before = undefined;
    const last = this.rows.at(-1);
    if (isNewOnly && last?.every((value, i) => i === 0 || Object.is(value, row[i]))) return;
    this.rows.push(row);
    this.count++;
    if (this.rows.length > MOST_STATES) this.rows = thinned(this.rows);
  }

  columns(): WindowStates {
    const known = this.before === undefined ? this.rows : [...this.rows, this.before];
    const last = known.at(-1);
    const end: readonly Row[] = last === undefined ? [] : [[this.window.toUs, ...rest(last)]];
    const rows = this.goesOn ? [...known, ...end] : known;
    const columns = COLUMNS.map((name, at) => [name, Float64Array.from(rows, (row) => row[at]!)]);
    return { ...Object.fromEntries(columns), count: this.count } as unknown as WindowStates;
  }
}

function rest([, ...values]: Row): [number, number, number, number, number] {
  return values;
}

/** The rows that hold an extreme of bid, ask, spread or depth. */
function thinned(rows: readonly Row[]): Row[] {
  const extremes = [
    rows.map((row) => row[1]),
    rows.map((row) => row[2]),
    rows.map((row) => row[2] - row[1]),
    rows.map((row) => row[5]),
  ].flatMap((values) => extremeRows(values, KEPT_STATES));
  return [...new Set(extremes)].sort((a, b) => a - b).map((i) => rows[i]!);
}
