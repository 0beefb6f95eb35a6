import { MINUTE_US, SECOND_US } from "../../core/time.js";
import { ALL_TYPES, type FaultKind, faultKind, WRONG_BOOK } from "./fault-kind.js";
import { silence } from "./silence.js";

const L2 = "incremental_book_L2";

/** Something does not arrive. */
export const SILENT_KINDS: readonly FaultKind[] = [
  faultKind({
    name: "gap:all",
    types: ALL_TYPES,
    size: "nothing arrives for 5 minutes, then a snapshot",
    lastsUs: 5 * MINUTE_US,
    turn: 0,
    mayAlsoFind: ["reconnect", "sequence-jump", "zero-volume"],
    plant: silence(ALL_TYPES, "snapshot"),
  }),
  faultKind({
    name: "gap:book",
    types: [L2],
    size: "no book changes for 60 s, then a snapshot",
    lastsUs: MINUTE_US,
    turn: 1,
    mayAlsoFind: ["reconnect", "stale-book", "frozen-level", "trade-outside-book", ...WRONG_BOOK],
    plant: silence([L2], "snapshot"),
  }),
  faultKind({
    name: "gap:quotes",
    types: ["quotes"],
    size: "no quotes for 60 s",
    lastsUs: MINUTE_US,
    turn: 1,
    mayAlsoFind: ["quote-mismatch"],
    plant: silence(["quotes"], "changes"),
  }),
  faultKind({
    name: "gap:trades",
    types: ["trades"],
    size: "no trades for 5 minutes; their ids go on",
    lastsUs: 5 * MINUTE_US,
    turn: 0,
    mayAlsoFind: ["sequence-jump", "zero-volume"],
    plant: silence(["trades"], "changes"),
  }),
  faultKind({
    name: "reconnect",
    types: [L2],
    size: "nothing arrives for 1 s, then a snapshot",
    lastsUs: SECOND_US,
    turn: 1,
    mayAlsoFind: ["sequence-jump"],
    plant: silence(ALL_TYPES, "snapshot"),
  }),
  faultKind({
    name: "zero-volume",
    types: ["trades"],
    size: "no trades for 15 minutes while the book goes on",
    lastsUs: 15 * MINUTE_US,
    turn: 1,
    mayAlsoFind: ["gap", "sequence-jump"],
    plant: silence(["trades"], "changes"),
  }),
  faultKind({
    name: "coverage:start",
    types: ALL_TYPES,
    size: "the day begins 10 minutes late",
    lastsUs: 10 * MINUTE_US,
    when: "start",
    turn: 0,
    plant: silence(ALL_TYPES, "snapshot"),
  }),
  faultKind({
    name: "coverage:end",
    types: ALL_TYPES,
    size: "the day ends 10 minutes early",
    lastsUs: 10 * MINUTE_US,
    when: "end",
    turn: 1,
    plant: silence(ALL_TYPES, "midnight"),
  }),
];
