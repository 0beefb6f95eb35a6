import { SECOND_US } from "../../core/time.js";
import { missingLevel, wrongAmount, wrongTouch } from "./distortions.js";
import { type FaultKind, faultKind } from "./fault-kind.js";
import { aboveBook, farPrice, hugeAmount, wrongTrades } from "./trade-edits.js";
import { wrongView } from "./wrong-view.js";

/** Prices or amounts do not go with the book. */
export const PRICE_KINDS: readonly FaultKind[] = [
  faultKind({
    name: "quote-mismatch",
    types: ["quotes"],
    size: "one of the quotes' prices 2 ticks off the book for 10 s",
    lastsUs: 10 * SECOND_US,
    turn: 0,
    plant: wrongView(["quotes"], ({ random }) => wrongTouch(random, 2)),
  }),
  faultKind({
    name: "snapshot-mismatch:amount",
    types: ["book_snapshot_25"],
    size: "one level's amount 1.1 times the book's for 10 s",
    lastsUs: 10 * SECOND_US,
    turn: 0,
    plant: wrongView(["book_snapshot_25"], ({ random }) => wrongAmount(random, 1.1)),
  }),
  faultKind({
    name: "snapshot-mismatch:price",
    types: ["book_snapshot_25"],
    size: "one of the book's levels left out for 10 s",
    lastsUs: 10 * SECOND_US,
    turn: 0,
    plant: wrongView(["book_snapshot_25"], ({ random }) => missingLevel(random)),
  }),
  faultKind({
    name: "trade-outside-book",
    types: ["trades"],
    size: "5 trades in a row 20 bps above the best ask",
    turn: 0,
    mayAlsoFind: ["outlier"],
    plant: wrongTrades(5, aboveBook(20)),
  }),
  faultKind({
    name: "outlier:price",
    types: ["trades"],
    size: "1 trade at a price 3 % away",
    turn: 0,
    mayAlsoFind: ["trade-outside-book"],
    plant: wrongTrades(1, farPrice(0.03)),
  }),
  faultKind({
    name: "outlier:amount",
    types: ["trades"],
    size: "1 trade of 5,000 times the median order",
    turn: 1,
    plant: wrongTrades(1, hugeAmount(5000)),
  }),
];
