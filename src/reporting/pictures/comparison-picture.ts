// Two tellings of one book around a stretch in which they differ.
import type { Span } from "../../audit/finding.js";
import type { BookType } from "../../audit/measuring/book-state.js";
import { counted } from "../../core/counted.js";
import { LIGHT } from "../../core/palette.js";
import { readManifest, type SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import type { PictureWindow } from "./finding-window.js";
import { touchLines } from "./market-series.js";
import type { PictureContent, Series } from "./picture.js";
import { type WindowStates, windowStates } from "./window-states.js";

const BOOK = "incremental_book_L2";

/**
 * A book's best prices and those quoted; the amounts, where the prices agree in the place that is shown.
 *
 * @param day - with the type that tells the book
 */
export async function quotePicture(
  store: Store,
  { type, ...day }: SymbolDay & { readonly type: BookType },
  place: Span,
  window: PictureWindow,
): Promise<PictureContent> {
  const book = await windowStates(store, day, { type, window });
  const quotes = await windowStates(store, day, { type: "quotes", window });
  const isOfPrices = differ(book, quotes, place);
  const lines = isOfPrices ? touchLines : amountLines;
  const what = isOfPrices ? "best prices" : "amounts at the best prices";
  return {
    panels: [
      {
        name: what,
        axis: isOfPrices ? "price (quote currency)" : "amount (base coin)",
        series: [
          ...lines(book).map((one) => ({ ...one, name: `book's ${one.name}` })),
          ...lines(quotes).map((one) => quoted(one, "quoted")),
        ],
      },
    ],
    what: `${what} of the ${type === BOOK ? "rebuilt book" : "snapshots"} (lines) and of the quotes (dotted)`,
    n: `${counted(book.count, type === BOOK ? "book state" : "snapshot")}, ${counted(quotes.count, "quote")}`,
  };
}

/** Amount of all levels that a snapshot shows, in the rebuilt book and in the snapshots. */
export async function snapshotPicture(
  store: Store,
  day: SymbolDay,
  window: PictureWindow,
): Promise<PictureContent> {
  const has25 = (await readManifest(store, { ...day, type: "book_snapshot_25" })) !== undefined;
  const [type, levels]: [BookType, number] = has25
    ? ["book_snapshot_25", 25]
    : ["book_snapshot_5", 5];
  const book = await windowStates(store, day, { type: BOOK, window, levels });
  const shown = await windowStates(store, day, { type, window, levels });
  const depth = ({ timesUs, depth: values }: WindowStates, name: string): Series => {
    return { name, draw: "steps", colour: LIGHT.model, timesUs, values };
  };
  return {
    panels: [
      {
        name: "depth",
        axis: "amount (base coin)",
        series: [
          depth(book, "rebuilt book"),
          { ...quoted(depth(shown, "snapshots"), ""), colour: LIGHT.text },
        ],
      },
    ],
    what: `amount of the ${levels} best levels of both sides, in the rebuilt book (line) and in ${type} (dotted)`,
    n: `${counted(book.count, "book state")}, ${counted(shown.count, "snapshot")}`,
  };
}

function quoted(series: Series, prefix: string): Series {
  return { ...series, name: `${prefix} ${series.name}`.trim(), isDashed: true };
}

function amountLines({ timesUs, bidAmount, askAmount }: WindowStates): readonly Series[] {
  return [
    { name: "ask amount", draw: "steps", colour: LIGHT.ask, timesUs, values: askAmount },
    { name: "bid amount", draw: "steps", colour: LIGHT.bid, timesUs, values: bidAmount },
  ];
}

/** Whether the prices of two tellings differ in most looks at a stretch. */
function differ(book: WindowStates, quotes: WindowStates, [startUs, endUs]: Span): boolean {
  const looks = Array.from(
    { length: 50 },
    (_, i) => startUs + ((endUs - startUs) * (i + 0.5)) / 50,
  );
  const unequal = looks.filter((timeUs) => {
    const a = lastRow(book.timesUs, timeUs);
    const b = lastRow(quotes.timesUs, timeUs);
    return book.bidPrice[a] !== quotes.bidPrice[b] || book.askPrice[a] !== quotes.askPrice[b];
  });
  return unequal.length > looks.length / 4;
}

function lastRow(timesUs: Float64Array, timeUs: number): number {
  let row = -1;
  while (row + 1 < timesUs.length && timesUs[row + 1]! <= timeUs) row++;
  return row;
}
