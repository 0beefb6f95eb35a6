import { BOOK_KINDS } from "./book-kinds.js";
import { CANDLE_KIND } from "./candles.js";
import type { FaultKind, NamedKind } from "./fault-kind.js";
import { PRICE_KINDS } from "./price-kinds.js";
import { ROW_KINDS } from "./row-kinds.js";
import { SILENT_KINDS } from "./silent-kinds.js";

/** Every kind of fault that the simulator can plant in a day's events. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...SILENT_KINDS,
  ...ROW_KINDS,
  ...BOOK_KINDS,
  ...PRICE_KINDS,
];

/** Every kind of fault that the simulator can plant, that of the candles too. */
export const ALL_KINDS: readonly NamedKind[] = [...FAULT_KINDS, CANDLE_KIND];
