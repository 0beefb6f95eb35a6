import { BOOK_KINDS } from "./book-kinds.js";
import type { FaultKind } from "./fault-kind.js";
import { PRICE_KINDS } from "./price-kinds.js";
import { ROW_KINDS } from "./row-kinds.js";
import { SILENT_KINDS } from "./silent-kinds.js";

/** Every kind of fault that the simulator can plant. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...SILENT_KINDS,
  ...ROW_KINDS,
  ...BOOK_KINDS,
  ...PRICE_KINDS,
];
