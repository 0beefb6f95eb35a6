import { DAY_US, MINUTE_US, SECOND_US } from "../../core/time.js";
import { garbledRow, swappedTrades } from "./bad-rows.js";
import { driftingClock, movedClock, stepBack } from "./clocks.js";
import { ALL_TYPES, type FaultKind, faultKind, MAIN_TYPES, WRONG_BOOK } from "./fault-kind.js";
import { repeatedMessages, repeatedTrade } from "./repeats.js";
import { missingTrade } from "./trade-edits.js";

const L2 = "incremental_book_L2";

/** Times, numbers and repeats of rows are wrong; what they say of the market is not. */
export const ROW_KINDS: readonly FaultKind[] = [
  faultKind({
    name: "order",
    types: MAIN_TYPES,
    size: "one message of an exchange time 1.5 s before the last one's",
    turn: 0,
    plant: stepBack(1.5 * SECOND_US),
  }),
  faultKind({
    name: "clock-offset:early",
    types: ALL_TYPES,
    size: "arrival 0.2 s before exchange time for 10 minutes",
    lastsUs: 10 * MINUTE_US,
    turn: 0,
    plant: movedClock((localUs) => localUs + 0.2 * SECOND_US),
  }),
  faultKind({
    name: "clock-offset:late",
    types: ALL_TYPES,
    size: "delays 3 s longer for 10 minutes",
    lastsUs: 10 * MINUTE_US,
    turn: 0,
    mayAlsoFind: ["order"],
    plant: movedClock((_, exchangeUs) => exchangeUs - 3 * SECOND_US),
  }),
  faultKind({
    name: "clock-drift",
    types: ALL_TYPES,
    size: "delays grow by 100 ms from midnight to midnight",
    lastsUs: DAY_US,
    when: "day",
    turn: 1,
    plant: driftingClock(0.1 * SECOND_US),
  }),
  faultKind({
    name: "duplicate:trade",
    types: ["trades"],
    size: "1 trade twice, with its id",
    turn: 0,
    plant: repeatedTrade,
  }),
  faultKind({
    name: "duplicate:book",
    types: [L2],
    size: "3 messages in a row twice",
    turn: 1,
    mayAlsoFind: ["order", ...WRONG_BOOK],
    plant: repeatedMessages(L2, 3),
  }),
  faultKind({
    name: "duplicate:quotes",
    types: ["quotes"],
    size: "3 messages in a row twice",
    turn: 0,
    mayAlsoFind: ["order", "quote-mismatch"],
    plant: repeatedMessages("quotes", 3),
  }),
  faultKind({
    name: "duplicate:snapshots",
    types: ["book_snapshot_25"],
    size: "3 messages in a row twice",
    turn: 1,
    mayAlsoFind: ["order", "snapshot-mismatch"],
    plant: repeatedMessages("book_snapshot_25", 3),
  }),
  faultKind({
    name: "sequence-jump",
    types: ["trades"],
    size: "1 trade left out",
    turn: 0,
    plant: missingTrade,
  }),
  faultKind({
    name: "rejected-row:value",
    types: MAIN_TYPES,
    size: "1 row with the price nan",
    turn: 1,
    plant: garbledRow,
  }),
  faultKind({
    name: "rejected-row:arrival",
    types: ["trades"],
    size: "1 row that arrived before the row above it",
    turn: 1,
    mayAlsoFind: ["order", "sequence-jump"],
    plant: swappedTrades,
  }),
];
