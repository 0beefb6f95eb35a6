// What the files may show in place of the book.
import type { Random } from "../../core/random.js";
import type { BookView } from "../book-view.js";
import { type BookLevels, type Levels, levelsOf } from "./shown-side.js";
import type { Distortion, LastRightBook } from "./wrong-view.js";

/** A bid that was left this far above the best ask. */
const STRAY_TICKS = 20;
/** Best levels that stand still. */
const FROZEN_LEVELS = 5;
/** Levels among which one is wrong. */
const SNAPSHOT_LEVELS = 25;

/** A bid of another time stands above the asks. */
export function strayBid(): Distortion {
  return {
    levels: (book, { levels }) => {
      const { bids, asks } = levelsOf(book);
      const stray = [
        firstOf(levels.asks) + STRAY_TICKS,
        levels.bids.values().next().value!,
      ] as const;
      return { bids: new Map([stray, ...bids]), asks };
    },
  };
}

/** The best bid is at the best ask. */
export function lockedTouch(): Distortion {
  return {
    levels: (book) => {
      const { bids, asks } = levelsOf(book);
      return { bids: new Map([[firstOf(asks), book.bids.lotsOfRank(0)], ...bids]), asks };
    },
  };
}

/** One side is empty. */
export function emptySide(random: Random): Distortion {
  const name = oneOf(random, "bids", "asks");
  return { levels: (book) => ({ ...levelsOf(book), [name]: new Map() }) };
}

/** One side's best levels stand still while trades take from them. */
export function frozenSide(random: Random): Distortion {
  const name = oneOf(random, "bids", "asks");
  const [aggressor, other] = name === "bids" ? ([-1, "asks"] as const) : ([1, "bids"] as const);
  return {
    mayFollow: ({ [name]: side }) => side.changed.includes(side.best),
    // Between the sides as they were, a hidden order may be taken as well.
    isHit: ({ side, ticks }, { levels }) =>
      side === aggressor &&
      (side * (ticks - firstOf(levels[name])) >= 0 || side * (ticks - firstOf(levels[other])) <= 0),
    levels: (book, lastRight) => {
      const frozen = [...lastRight.levels[name]].slice(0, FROZEN_LEVELS);
      const { better } = book[name];
      const [deepest] = frozen.at(-1)!;
      const all = levelsOf(book);
      const behind = [...all[name]].filter(([tick]) => better * (deepest - tick) > 0);
      return { ...all, [name]: new Map([...frozen, ...behind]) };
    },
  };
}

/** Nothing of the book changes any more while trades go on. */
export function standingBook(): Distortion {
  return { isHit: () => true, levels: (_, { levels }) => levels };
}

/** Every level holds a share of its lots. */
export function thinBook(share: number): Distortion {
  const thin = (levels: Levels): Levels =>
    new Map([...levels].map(([tick, lots]) => [tick, Math.max(1, Math.round(share * lots))]));
  return { levels: (book) => bothSides(levelsOf(book), thin) };
}

/** Both sides stand back, so that the usual spread is so many times as wide. */
export function wideBook(times: number): Distortion {
  return {
    levels: (book, { meanSpread }: LastRightBook) => {
      const backTicks = Math.ceil(((times - 1) / 2) * meanSpread);
      const moved = (levels: Levels, better: 1 | -1): Levels =>
        new Map([...levels].map(([tick, lots]) => [tick - better * backTicks, lots]));
      return bothSides(levelsOf(book), moved);
    },
  };
}

/** The best bid or ask is some ticks further out. */
export function wrongTouch(random: Random, ticks: number): Distortion {
  const name = oneOf(random, "bids", "asks");
  return {
    levels: (book) => {
      const all = levelsOf(book);
      const side = book[name];
      const touch = [side.best - side.better * ticks, side.lotsOfRank(0)] as const;
      return { ...all, [name]: new Map([touch, ...[...all[name]].slice(1 + ticks)]) };
    },
  };
}

/** One level's amount is so many times as large. */
export function wrongAmount(random: Random, times: number): Distortion {
  return atLevel(random, (levels, rank) =>
    levels.map(([tick, lots], r) => [tick, r === rank ? Math.ceil(times * lots) : lots]),
  );
}

/** One level is left out; those behind it move up. */
export function missingLevel(random: Random): Distortion {
  return atLevel(random, (levels, rank) => levels.filter((_, r) => r !== rank));
}

type LevelList = readonly (readonly [number, number])[];

function atLevel(random: Random, edit: (levels: LevelList, rank: number) => LevelList): Distortion {
  const name = oneOf(random, "bids", "asks");
  const rank = random.below(SNAPSHOT_LEVELS);
  return {
    levels: (book: BookView) => {
      const all = levelsOf(book);
      return { ...all, [name]: new Map(edit([...all[name]], rank)) };
    },
  };
}

function bothSides(
  { bids, asks }: BookLevels,
  edit: (levels: Levels, better: 1 | -1) => Levels,
): BookLevels {
  return { bids: edit(bids, 1), asks: edit(asks, -1) };
}

function firstOf(levels: Levels): number {
  return levels.keys().next().value!;
}

function oneOf<Name>(random: Random, first: Name, second: Name): Name {
  return random.uniform() < 0.5 ? first : second;
}
