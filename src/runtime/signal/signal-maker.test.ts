import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { DAY_US, HOUR_US, MINUTE_US } from "../../core/time.js";
import { FEATURES, NO_BOOK_BIT } from "../../features/catalogue.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { fitInputProfile } from "../../models/input-profile.js";
import { identityScaler } from "../../models/standard-scaler.js";
import { InputWatch } from "./input-watch.js";
import type { LiveModel } from "./live-model.js";
import { OutcomeWatch } from "./outcome-watch.js";
import { ABSTENTIONS, type Abstention, type Signal } from "./signal.js";
import { SignalMaker, type SignalMakerState } from "./signal-maker.js";

const BAR_US = 15 * MINUTE_US;
const HOUR_BARS = HOUR_US / BAR_US;
const BEGIN_US = 19_700 * DAY_US;
/** One of the book, and one of trades that has no value in a stream's first five bars. */
const NAMES = ["obi_l1", "log_ret_5"];
const WARM_UP_BARS = 5;
const WEIGHTS = [0.6, -0.3];
const SOURCE = { hasTrades: true, tag: "incremental_book_L2" } as const;
/** More than one of the last hour's four bars without a book is too many. */
const SETTINGS = { maxSpreadBps: 20, maxBookless: 0.3, maxExcess: 1, cooldownBars: 2 };

/** A bar as it is drawn; what the book says is missing where there is none. */
interface Drawn {
  readonly barEndUs: number;
  readonly hasBook: boolean;
  /** Bars of its stream before it. */
  readonly age: number;
  readonly inputs: readonly number[];
  readonly spreadBps: number;
  readonly mid: number;
  readonly isFeedBad: boolean;
  /** Whether account, limits and people let a stake. */
  readonly isLet: boolean;
}

function modelOf(steps: number): LiveModel {
  const random = seededRandom(1, "training");
  const rows = 20 * 96;
  const inputs = Float32Array.from({ length: rows * NAMES.length }, () => random.normal());
  const fitted = fitInputProfile(
    inputs,
    NAMES,
    Uint32Array.from({ length: rows }, (_, i) => i),
    {
      dayOf: (row) => Math.floor(row / 96),
      threshold: 0.05,
    },
  );
  return {
    name: "logistic@000000000000",
    exchange: "simulated",
    symbols: ["BTCUSDT"],
    barUs: BAR_US,
    horizonBars: 2,
    latencyUs: 0,
    predictor: {
      featureNames: NAMES,
      scaler: identityScaler(NAMES.length),
      model: { kind: "logistic", weights: Float64Array.from(WEIGHTS), intercept: 0 },
      calibrator: { kind: "temperature", temperature: 1 },
    },
    profile: { ...fitted, distanceLimit: 2.5 },
    steps,
    bundleSha256: "0".repeat(64),
    catalogueHash: "0".repeat(64),
    promotedEntry: null,
  };
}

/** Bars with holes, missing books and odd inputs: every third day they are others than in training. */
function barsOf(seed: number, count: number): readonly Drawn[] {
  const random = seededRandom(seed, "bars");
  const isDrawn = (chance: number): boolean => random.uniform() < chance;
  let [barEndUs, age, mid] = [BEGIN_US, -1, 100];
  let bookless = 0;
  return Array.from({ length: count }, (_, i) => {
    const isGap = isDrawn(0.01);
    barEndUs += isGap ? 3 * BAR_US : BAR_US;
    age = isGap ? 0 : age + 1;
    bookless = bookless > 0 ? bookless - 1 : isDrawn(0.03) ? 1 + random.below(2) : 0;
    mid += random.normal();
    const odd = Math.floor(i / 96) % 3 === 2 ? 1.2 : 0;
    const scale = isDrawn(0.03) ? 4 : 1;
    return {
      ...{ barEndUs, age, mid, hasBook: bookless === 0, isFeedBad: isDrawn(0.05) },
      inputs: NAMES.map(() => scale * (odd + random.normal())),
      spreadBps: isDrawn(0.05) ? 30 : isDrawn(0.05) ? Number.NaN : 5,
      isLet: isDrawn(0.7),
    };
  });
}

function rowOf({ barEndUs, hasBook, age, inputs, spreadBps, mid }: Drawn): FeatureRow {
  const named: Readonly<Record<string, number>> = {
    close: 100,
    obi_l1: hasBook ? inputs[0]! : Number.NaN,
    log_ret_5: age < WARM_UP_BARS ? Number.NaN : inputs[1]!,
    quoted_spread_bps: hasBook ? spreadBps : Number.NaN,
  };
  return {
    barEndUs,
    mid: hasBook ? mid : Number.NaN,
    values: Float64Array.from(FEATURES, ({ name }) => named[name] ?? Number.NaN),
    valid: hasBook ? 0n : 1n << BigInt(NO_BOOK_BIT),
  };
}

const makerOf = (steps: number): SignalMaker => new SignalMaker(modelOf(steps), SOURCE, SETTINGS);

const isWhole = ({ hasBook, age }: Drawn): boolean => hasBook && age >= WARM_UP_BARS;

async function signalsOf(maker: SignalMaker, bars: readonly Drawn[]): Promise<readonly Signal[]> {
  const signals: Signal[] = [];
  for (const bar of bars) {
    const signal = await maker.next(rowOf(bar), { isFeedBad: bar.isFeedBad });
    // As the loop does: where nothing is staked, whatever the cause.
    if (signal.side === 0 || !bar.isLet) maker.unstake();
    signals.push(signal);
  }
  return signals;
}

/** Whole bars up to each, itself included, without another and without a hole between them. */
function runsOf(bars: readonly Drawn[]): readonly number[] {
  let run = 0;
  return bars.map((bar) => {
    run = !isWhole(bar) ? 0 : bar.age === 0 ? 1 : run + 1;
    return run;
  });
}

/** 1 / (1 + e^(−w·x)) of the inputs as they are kept, none beyond ±8. */
function plainProbability({ inputs }: Drawn): number {
  const kept = inputs.map((input) => Math.max(-8, Math.min(8, Math.fround(input))));
  const logit = WEIGHTS.reduce((sum, weight, j) => sum + weight * kept[j]!, 0);
  return 1 / (1 + Math.exp(-logit));
}

/** The rules written down plainly: all that speaks against a stake, of which the first that is listed is told. */
function plainSignals(bars: readonly Drawn[], steps: number): readonly Signal[] {
  const { profile, ...model } = modelOf(steps);
  const watch = new InputWatch(profile, BAR_US);
  const outcomes = new OutcomeWatch(model);
  const runs = runsOf(bars);
  let stakedUs = Number.NEGATIVE_INFINITY;
  return bars.map((bar, i): Signal => {
    const { barEndUs, hasBook, age, inputs, spreadBps, mid, isFeedBad, isLet } = bar;
    const probability = runs[i]! >= steps ? plainProbability(bar) : Number.NaN;
    if (isWhole(bar)) watch.add(Float32Array.from(inputs));
    outcomes.add(barEndUs, probability, hasBook ? mid : Number.NaN);
    const hour = bars.slice(Math.max(0, i + 1 - HOUR_BARS), i + 1);
    const holds: Readonly<Record<Abstention, boolean>> = {
      "not in the source": false,
      "warm-up": age < WARM_UP_BARS,
      "no valid book": !hasBook,
      feed: isFeedBad,
      "short window": Number.isNaN(probability),
      "bad data": hour.filter((one) => !one.hasBook).length / hour.length > 0.3,
      "wide spread": !(spreadBps <= 20),
      "foreign inputs": watch.isForeign,
      drift: watch.hasDrifted,
      miscalibrated: outcomes.excess > 1,
      unsure: Math.abs(probability - 0.5) < 0.05,
      cooldown: barEndUs - stakedUs <= 2 * BAR_US,
    };
    const reason = ABSTENTIONS.find((one) => holds[one]) ?? "";
    if (reason === "" && isLet) stakedUs = barEndUs;
    return { probability, side: reason !== "" ? 0 : probability > 0.5 ? 1 : -1, reason };
  });
}

test("of all that speaks against a stake the first that is listed is told, and a side is taken where nothing does", async () => {
  const told = new Map<string, number>();
  for (const seed of [1, 2, 3]) {
    const bars = barsOf(seed, 1000);
    const signals = await signalsOf(makerOf(2), bars);
    const plain = plainSignals(bars, 2);
    signals.forEach(({ probability, side, reason }, i) => {
      const expected = plain[i]!;
      expect([i, side, reason]).toEqual([i, expected.side, expected.reason]);
      if (Number.isNaN(expected.probability)) expect(probability).toBeNaN();
      else expect(probability).toBeCloseTo(expected.probability, 12);
      told.set(`${reason} ${side}`, (told.get(`${reason} ${side}`) ?? 0) + 1);
    });
  }
  // All but the one that depends on the source, each of them often enough to be told from its neighbours.
  const reasons = ABSTENTIONS.filter((one) => one !== "not in the source");
  for (const one of [...reasons.map((reason) => `${reason} 0`), " 1", " -1"]) {
    expect([one, (told.get(one) ?? 0) >= 10]).toEqual([one, true]);
  }
});

test("in a run's first hour books are missing as a share of the bars that there were", async () => {
  const [bar] = barsOf(1, 1);
  const at = (i: number): Drawn => ({
    ...{ ...bar!, barEndUs: BEGIN_US + i * BAR_US, age: WARM_UP_BARS, hasBook: i > 0 },
    ...{ inputs: [1, 0], spreadBps: 5, isFeedBad: false, isLet: true },
  });
  const signals = await signalsOf(makerOf(1), [at(0), at(1), at(2), at(3)]);
  // One of two, of three, and of four.
  const reasons = ["no valid book", "bad data", "bad data", ""];
  expect(signals.map(({ reason }) => reason)).toEqual(reasons);
});

test("a source without what an input needs is told before all else", async () => {
  const bookless = { ...SOURCE, hasTrades: false };
  const maker = new SignalMaker(modelOf(1), bookless, SETTINGS);
  const bars = barsOf(4, 50).map((bar) => ({ ...bar, age: 0 }));
  for (const { side, reason } of await signalsOf(maker, bars)) {
    expect([side, reason]).toEqual([0, "not in the source"]);
  }
});

test("a model is asked from its number of whole rows in a row on, and never before", async () => {
  const seen = { asked: 0, short: 0 };
  for (const steps of [1, 2, 3, 7]) {
    const bars = barsOf(steps, 400);
    const signals = await signalsOf(makerOf(steps), bars);
    const runs = runsOf(bars);
    signals.forEach(({ probability, reason }, i) => {
      expect([i, !Number.isNaN(probability)]).toEqual([i, runs[i]! >= steps]);
      if (!Number.isNaN(probability)) seen.asked++;
      else if (runs[i]! > 0 && !bars[i]!.isFeedBad) {
        expect(reason).toBe("short window");
        seen.short++;
      }
    });
  }
  expect(seen.asked).toBeGreaterThan(500);
  expect(seen.short).toBeGreaterThan(50);
});

test("a maker that takes over a saved state says the same, bit for bit, wherever it was cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 1e6 }),
      fc.integer({ min: 0, max: 300 }),
      async (seed, cut) => {
        const bars = barsOf(seed, 300);
        const whole = makerOf(3);
        const before = await signalsOf(whole, bars.slice(0, cut));
        const after = makerOf(3);
        after.restore(JSON.parse(JSON.stringify(whole.save())) as SignalMakerState);
        expect(after.save()).toEqual(whole.save());
        const rest = await signalsOf(after, bars.slice(cut));
        const unbroken = makerOf(3);
        expect([...before, ...rest]).toEqual(await signalsOf(unbroken, bars));
        expect(after.save()).toEqual(unbroken.save());
      },
    ),
    { seed: 1, numRuns: 15 },
  );
});

test("rows that nothing was asked at leave what a model is asked with, and no statement and no stake", async () => {
  const bars = barsOf(5, 60);
  const [past, rest] = [bars.slice(0, 40), bars.slice(40)];
  const [warmed, asked] = [makerOf(3), makerOf(3)];
  for (const bar of past) warmed.warm(rowOf(bar));
  expect((await signalsOf(asked, past)).some(({ side }) => side !== 0)).toBe(true);
  const { outcomes, stakedUs, ...left } = warmed.save();
  expect(stakedUs).toBeNull();
  expect(outcomes.calibration).toBe(makerOf(3).save().outcomes.calibration);
  const { outcomes: _, stakedUs: __, ...kept } = asked.save();
  expect(left).toEqual(kept);
  const said = (signals: readonly Signal[]) => signals.map(({ probability }) => probability);
  const probabilities = said(await signalsOf(warmed, rest));
  expect(probabilities).toEqual(said(await signalsOf(asked, rest)));
  expect(probabilities.some((probability) => !Number.isNaN(probability))).toBe(true);
});
