import { MINUTE_US, SECOND_US } from "../../core/time.js";
import {
  emptySide,
  frozenSide,
  lockedTouch,
  standingBook,
  strayBid,
  thinBook,
  wideBook,
} from "./distortions.js";
import { BOOK_TYPES, type FaultKind, faultKind, WRONG_BOOK } from "./fault-kind.js";
import { wrongView } from "./wrong-view.js";

const L2 = "incremental_book_L2";

/** The book's file shows what the book is not, or the market is no longer what it was. */
export const BOOK_KINDS: readonly FaultKind[] = [
  faultKind({
    name: "crossed-book",
    types: [L2],
    size: "a bid 20 ticks above the best ask for 2 s",
    lastsUs: 2 * SECOND_US,
    turn: 0,
    mayAlsoFind: [...WRONG_BOOK, "frozen-level"],
    plant: wrongView([L2], strayBid),
  }),
  faultKind({
    name: "locked-book",
    types: [L2],
    size: "the best bid at the best ask for 2 s",
    lastsUs: 2 * SECOND_US,
    turn: 1,
    mayAlsoFind: WRONG_BOOK,
    plant: wrongView([L2], lockedTouch),
  }),
  faultKind({
    name: "one-sided",
    types: [L2],
    size: "one side deleted for 5 s",
    lastsUs: 5 * SECOND_US,
    turn: 0,
    mayAlsoFind: ["quote-mismatch", "snapshot-mismatch"],
    plant: wrongView([L2], ({ random }) => emptySide(random)),
  }),
  faultKind({
    name: "frozen-level",
    types: [L2],
    size: "the best 5 levels of a side stand still for 60 s and 3 orders at or beyond their price, or at the other side's first",
    lastsUs: MINUTE_US,
    turn: 0,
    mayAlsoFind: [...WRONG_BOOK, "stale-book", "trade-outside-book"],
    plant: wrongView([L2], ({ random }) => frozenSide(random)),
  }),
  faultKind({
    name: "stale-book",
    types: [L2],
    size: "no book changes, quotes or snapshots for 60 s and 3 orders, then ordinary changes",
    lastsUs: MINUTE_US,
    turn: 1,
    mayAlsoFind: ["gap", "frozen-level", "trade-outside-book", ...WRONG_BOOK],
    plant: wrongView(BOOK_TYPES, standingBook),
  }),
  faultKind({
    name: "regime-break:depth",
    types: [L2],
    size: "every level at 0.05 of its amount for 15 minutes",
    lastsUs: 15 * MINUTE_US,
    turn: 0,
    plant: wrongView(BOOK_TYPES, () => thinBook(0.05)),
  }),
  faultKind({
    name: "regime-break:spread",
    types: [L2],
    size: "8 times the hour's mean spread for 15 minutes",
    lastsUs: 15 * MINUTE_US,
    turn: 1,
    plant: wrongView(BOOK_TYPES, () => wideBook(8)),
  }),
];
