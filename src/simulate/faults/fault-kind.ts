import type { Random } from "../../core/random.js";
import type { BookView } from "../book-view.js";
import type { DayFiles, EventType } from "../day-files.js";
import type { DaySink } from "../day-sink.js";
import type { SymbolSettings } from "../settings.js";
import type { Touched } from "./touched.js";

/** Types that come from the book. */
export const BOOK_TYPES = ["incremental_book_L2", "quotes", "book_snapshot_25"] as const;

/** Types that a fault of all of them touches. */
export const ALL_TYPES: readonly EventType[] = ["trades", ...BOOK_TYPES];

/** Types that every day is expected to have. */
export const MAIN_TYPES = ["trades", "incremental_book_L2", "quotes"] as const;

/** Where one fault is planted, and what it works with. */
export interface FaultPlace {
  /** Stream of this fault alone. */
  readonly random: Random;
  /** Earliest arrival time of what it does, µs, and how long it lasts at least. */
  readonly fromUs: number;
  readonly lastsUs: number;
  /** Where everything goes, right or wrong. */
  readonly files: DayFiles;
  /** Must be told of all that is wrong. */
  readonly touched: Touched;
  readonly settings: SymbolSettings;
}

/** What stands between the market and the files while a fault has its hour. */
export interface FaultySink {
  readonly trade: DaySink["trade"];
  readonly book: (localUs: number, exchangeUs: number, book: BookView, isSnapshot: boolean) => void;
}

/** Puts a fault into its place: of one hour, and right before and after its time. */
export type Plant = (place: FaultPlace) => FaultySink;

/** What a kind of fault is called, whatever it is planted in. */
export interface NamedKind {
  /** `check` or `check:variant`. */
  readonly name: string;
  /** The audit's check that has to find it. */
  readonly check: string;
  /** The least size, in words; it is planted at this size. */
  readonly size: string;
}

/** One kind of fault of a day's events. */
export interface FaultKind extends NamedKind {
  /** Types in which it is found, where it touches them. */
  readonly types: readonly EventType[];
  /** How long it lasts, µs; 0 for one of some rows. */
  readonly lastsUs: number;
  /** An hour of its own, the day's first minutes, its last ones, or the whole day. */
  readonly when: "hour" | "start" | "end" | "day";
  /** Where not all kinds fit into one day: whether it comes on even or odd ones. */
  readonly turn: 0 | 1;
  readonly mayAlsoFind: readonly string[];
  readonly plant: Plant;
}

/** What a kind says of itself where it is not as most are: found by the check of its name, in one hour. */
type Described = Pick<FaultKind, "name" | "types" | "size" | "turn" | "plant"> & Partial<FaultKind>;

/** A kind from what sets it apart. */
export function faultKind(described: Described): FaultKind {
  const check = described.name.split(":")[0]!;
  return { check, lastsUs: 0, when: "hour", mayAlsoFind: [], ...described };
}

/** Checks that see a book which no longer is the true one, beside that of its own kind. */
export const WRONG_BOOK: readonly string[] = [
  "quote-mismatch",
  "snapshot-mismatch",
  "crossed-book",
  "locked-book",
];
