import { afterEach, describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import type { TimeBlock } from "../dataset/time-blocks.js";
import { fitRows, logisticLogits, logisticRows, logLoss, sigmoid } from "../models/logistic.js";
import type { LogisticRows } from "../models/newton.js";
import { choosePenalty, type PenaltyChoice } from "./choose-penalty.js";

const WIDTH = 20;
const made: LogisticRows[] = [];

afterEach(() => {
  for (const { design } of made.splice(0)) design.dispose();
});

/** Twenty inputs of which each moves the log-odds by the same small or large amount. */
async function sample(rows: number, strength: number): Promise<LogisticRows> {
  const random = seededRandom(2, "penalty");
  const inputs = new Float64Array(rows * WIDTH).map(() => random.normal());
  const outcome = new Float64Array(rows).map((_, i) => {
    const sum = inputs.subarray(i * WIDTH, (i + 1) * WIDTH).reduce((all, x) => all + x, 0);
    return Number(random.uniform() < sigmoid(strength * sum));
  });
  const names = Array.from({ length: WIDTH }, (_, j) => `x${j}`);
  const ready = await logisticRows({ inputs, outcome, names, overlapBars: 1 });
  made.push(ready);
  return ready;
}

/** Every fifth row in turn is held out: there is no time in these rows. */
function blocks(rows: number): readonly TimeBlock[] {
  return Array.from({ length: 5 }, (_, k) => ({
    isFitted: new Uint8Array(rows).map((_, i) => Number(i % 5 !== k)),
    heldOut: Uint32Array.from({ length: rows }, (_, i) => i).filter((i) => i % 5 === k),
  }));
}

const DEVIATIONS = [0.003, 0.01, 0.03, 0.1, 0.3, 1];

function chosen(rows: LogisticRows, deviations = DEVIATIONS): PenaltyChoice {
  return choosePenalty(rows, () => blocks(rows.weight.length), deviations) as PenaltyChoice;
}

describe("the curve", () => {
  test("is what separate fits to the rest of the rows give, mean and error over blocks", async () => {
    const rows = await sample(400, 0.2);
    const { curve } = chosen(rows);
    expect(curve.map(({ priorDeviation }) => priorDeviation)).toEqual(DEVIATIONS);
    for (const { priorDeviation, logLoss: found, standardError } of curve) {
      const losses = blocks(400).map(({ heldOut, isFitted }) => {
        const weight = Float64Array.from(isFitted);
        const logits = logisticLogits(fitRows({ ...rows, weight }, priorDeviation), rows.inputs);
        const each = [...heldOut].map((i) => logLoss(logits[i]!, rows.outcome[i]!));
        return each.reduce((sum, loss) => sum + loss, 0) / each.length;
      });
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / 5;
      const squares = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0);
      expect(found).toBeCloseTo(mean, 5);
      expect(standardError).toBeCloseTo(Math.sqrt(squares / 4 / 5), 5);
    }
  });

  test("has its least at the prior that is taken", async () => {
    const { priorDeviation, curve } = chosen(await sample(400, 0.1));
    const least = Math.min(...curve.map(({ logLoss }) => logLoss));
    expect(curve.find((one) => one.priorDeviation === priorDeviation)!.logLoss).toBe(least);
  });
});

test("noise asks for a tight prior, strong inputs for a loose one", async () => {
  expect(chosen(await sample(1000, 0)).priorDeviation).toBeLessThanOrEqual(0.03);
  const strong = chosen(await sample(1000, 0.6)).priorDeviation;
  expect([0.3, 1]).toContain(strong);
});

test("one prior alone is taken without a look at the rows", async () => {
  const rows = await sample(100, 0);
  const blocks = () => {
    throw new Error("not to be called");
  };
  expect(choosePenalty(rows, blocks, [0.2])).toEqual({ priorDeviation: 0.2, curve: [] });
});

test("the outcomes of rows that are neither fitted on nor held out change nothing", async () => {
  const rows = await sample(500, 0.3);
  const purged = blocks(500).map(({ isFitted, heldOut }) => ({
    isFitted: isFitted.map((value, i) => (i < 250 ? value : 0)),
    heldOut: heldOut.filter((i) => i < 250),
  }));
  const before = choosePenalty(rows, () => purged, DEVIATIONS);
  const outcome = Float64Array.from(rows.outcome, (y, i) => (i < 250 ? y : 1 - y));
  expect(choosePenalty({ ...rows, outcome }, () => purged, DEVIATIONS)).toEqual(before);
});

test("blocks that leave little to fit on or one class only are not judged; without two the choice is not made", async () => {
  const { outcome: _, ...rows } = await sample(500, 0);
  const [first, second, ...rest] = blocks(500);
  const outcome = new Float64Array(500).map((_, i) => Number(i % 5 === 0));
  const few = rest.map((block) => ({
    ...block,
    isFitted: block.isFitted.map((fitted, i) => (i < 100 ? fitted : 0)),
  }));
  // All ups are in the first block, so that nothing but downs is left outside of it.
  const all = [first!, second!, ...few];
  expect(choosePenalty({ ...rows, outcome }, () => all, DEVIATIONS)).toMatchObject({
    kind: "shortfall",
    has: 1,
    needs: 2,
  });
});

test("priors that are not positive are refused, and so is none", async () => {
  const rows = await sample(100, 0);
  for (const deviations of [[], [0.1, 0], [-1], [Number.NaN]]) {
    expect(() => choosePenalty(rows, () => [], deviations)).toThrow("expected positive numbers");
  }
});
