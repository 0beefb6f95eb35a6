import { ANY, accumulator, type Feature, type FeatureEntry } from "./feature.js";

const BOOK = {
  family: "book imbalance",
  unit: "ratio",
  inputs: ["book"],
  lookbackBars: 1,
  warmUpBars: 0,
  range: [-1, 1],
} as const satisfies Partial<FeatureEntry>;

/** Features 34–38: which side of the book is heavier, and where its flow goes. */
export const BOOK_IMBALANCE: readonly Feature[] = [
  {
    ...BOOK,
    number: 34,
    name: "obi_l1",
    formula: "(qᵇ − qᵃ)/(qᵇ + qᵃ) of the best levels at t",
    nullRule: "no valid book at t",
    source: "Gould & Bonart 2016",
    create: () => accumulator([], (bar) => bar.obiL1),
  },
  {
    ...BOOK,
    number: 35,
    name: "obi_l5",
    formula: "Σ(qᵇ − qᵃ)/Σ(qᵇ + qᵃ) over the best 5 levels at t",
    bookLevels: 5,
    nullRule: "no valid book at t",
    source: "Cao, Hansch & Wang 2009",
    create: () => accumulator([], (bar) => bar.obiL5),
  },
  {
    ...BOOK,
    number: 36,
    name: "obi_l20_decay",
    formula: "the same over 20 levels, weighted by exp(−d/5 bps), d the distance to the mid in bps",
    bookLevels: 20,
    nullRule: "no valid book at t",
    source: "makes symbols comparable",
    create: () => accumulator([], (bar) => bar.obiL20Decay),
  },
  {
    ...BOOK,
    number: 37,
    name: "obi_twa_l5",
    formula: "time average of obi_l5 over the bar's valid time",
    bookLevels: 5,
    nullRule: "no valid book in the bar",
    source: "definition",
    create: () => accumulator([], (bar) => bar.averageObiL5),
  },
  {
    ...BOOK,
    number: 38,
    name: "ofi_norm",
    formula:
      "Σ eₙ / time average of (qᵇ + qᵃ)/2 of the best levels, eₙ the order flow of a book difference",
    range: ANY,
    nullRule: "no valid book in the bar",
    source: "Cont, Kukanov & Stoikov 2014",
    create: () => accumulator([], (bar) => bar.orderFlow / bar.averageQueue),
  },
];
