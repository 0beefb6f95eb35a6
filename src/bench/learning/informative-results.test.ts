import { expect, test } from "vitest";
import type { Uncertainty } from "../../core/block-bootstrap.js";
import { informativeResults } from "./informative-results.js";
import type { LearningFindings } from "./market-job.js";

function about(estimate: number): Uncertainty {
  return { estimate, standardError: 0.01, lower: estimate - 0.02, upper: estimate + 0.02 };
}

function market(share: number, lead: number, symbolDays = 270): LearningFindings {
  const facts = { accuracy: about(0.58), seconds: 1 };
  const models = [
    { ...facts, model: "logistic", share: about(share - lead) },
    { ...facts, model: "lstm", share: about(share), aboveLogistic: about(lead) },
  ];
  return { seed: 1, symbolDays, rows: 10, attainableAccuracy: 0.588, models };
}

test("nine tenths of what is attainable are asked of a network, and no less than a line knows", () => {
  const [logistic, share, lead, size] = informativeResults([market(0.95, 0.1)]);
  expect(logistic!.what).toBe("informative market, share of (attainable − ½) of logistic");
  expect(logistic).toMatchObject({ bar: null, ok: true });
  expect(logistic!.ours).toBeCloseTo(0.85, 9);
  expect(share).toMatchObject({ ours: 0.95, bar: 0.9, isLeast: true, ok: true });
  expect(share!.note).toMatch(/from 0\.9300 to 0\.9700; 5\.0 % of the 8\.80 points/);
  expect(lead).toMatchObject({ ours: 0.1, bar: 0, isLeast: true, ok: true });
  expect(size).toMatchObject({ ours: 270, bar: 60, ok: true });
});

test("a share or a lead that is missed is told as missed, by how much, and so is a small market", () => {
  const [, share, lead, size] = informativeResults([market(0.86, -0.01, 36)]);
  expect(share).toMatchObject({ ours: 0.86, ok: false });
  expect(share!.note).toMatch(/14\.0 % of the 8\.80 points above one half that are attainable/);
  expect(lead).toMatchObject({ ours: -0.01, ok: false });
  expect(size).toMatchObject({ ours: 36, ok: false });
});

test("the error over several markets is that of their own scatter, with Student's t", () => {
  const [, share] = informativeResults([market(0.91, 0.1), market(0.93, 0.1), market(0.95, 0.1)]);
  expect(share!.ours).toBeCloseTo(0.93, 9);
  // 0.02/√3, and scipy.stats.t.ppf(0.975, 2) = 4.3026527297 of it on either side.
  expect(share!.note).toMatch(/^± 0\.0115 \(standard error\), 95 % from 0\.8803 to 0\.9797/);
  expect(share!.runs).toEqual({ lstm: [0.91, 0.93, 0.95] });
});

test("a market without an edge has no shares to judge", () => {
  const { models, ...rest } = market(0.9, 0.1);
  const bare = models.map(({ share: _share, ...model }) => model);
  expect(() => informativeResults([{ ...rest, models: bare }])).toThrow(/no share of what/);
});
