// From candles to models: what is said of them must say that their labels are on closes, and by which rule.
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MINUTE_US } from "../core/time.js";
import { horizonMap } from "../evaluation/horizon-map.js";
import { openStore } from "../store/store.js";
import { type CandleStore, candleStore } from "./test-candle-store.js";

const PREDICTS =
  "REAL bitfinex BTCUSD from candles, BOUNCE-PRONE: direction of the close over 15 min";
const BARRIERS =
  "REAL bitfinex BTCUSD from candles, BOUNCE-PRONE: triple barrier of the close within 15 min";
const MARKS = ["REAL", "BOUNCE-PRONE"];
const BOUNCE = "BOUNCE-PRONE: labels are on trade closes, so every figure flatters";
const FACTS = {
  marks: MARKS,
  source: "candles",
  labelKind: "close",
  isSimulated: false,
  exchange: "bitfinex",
};

let store: CandleStore;
let trained: Record<string, unknown>;
beforeAll(async () => {
  store = await candleStore(4, (normal) => ({
    change: normal / 1000,
    volume: 1 + Math.abs(normal),
  }));
  trained = JSON.parse((await store.train("--model", "logistic", "--json")).out);
});
afterAll(() => store.remove());

test("training says the label's rule, its horizon and the source, and BOUNCE-PRONE", async () => {
  expect(trained).toMatchObject({ ...FACTS, labelRule: { kind: "direction" }, horizonUs: 900e6 });
  const { out } = await store.train("--model", "logistic");
  expect(out).toContain(`\npredicts ${PREDICTS}\n${BOUNCE}\n`);
  const barriers = await store.train("--model", "majority", "--label", "triple-barrier");
  expect(barriers.out).toContain(`\npredicts ${BARRIERS}\n`);
});

test("models and trials name label and source, and choose by them", async () => {
  const models = await store.run("models");
  for (const said of [PREDICTS, BARRIERS]) expect(models.out).toContain(said);
  expect(JSON.parse((await store.run("models", "--json")).out).models[0]).toMatchObject(FACTS);
  const listed = await store.run("trials");
  for (const said of [PREDICTS, BARRIERS]) expect(listed.out).toContain(said);
  const chosen = async (...argv: string[]): Promise<readonly { readonly model: string }[]> =>
    JSON.parse((await store.run("trials", ...argv, "--json")).out).trials;
  expect(await chosen("--label", "triple-barrier", "--source", "candles")).toEqual([
    expect.objectContaining({ model: "majority", ...FACTS }),
  ]);
  const compared = await store.run("trials", "--compare", "logistic,majority");
  expect(compared.out).toMatch(/^labelRule +direction +triple-barrier, deviations 1, volat/m);
  expect(compared.out).toContain(PREDICTS);
});

test("the logistic regression on candles is one trial by whichever door, and says its columns", async () => {
  for (const argv of [
    ["--model", "logistic", "--columns", "base"],
    ["--model", "logistic-base"],
  ]) {
    const again = JSON.parse((await store.train(...argv, "--json")).out);
    expect([again.isLoaded, again.name, again.version]).toEqual([
      ...[true, "logistic"],
      trained["version"],
    ]);
  }
  const said = await store.train("--model", "logistic-base");
  expect(said.out).toMatch(/^logistic-base is logistic here: /m);
  const { out } = await store.run("trials", "--setting", "columns=base");
  expect(out).toMatch(/^1 +logistic@.* 30 .* columns base, /m);
});

test("what a comparison has fitted before is named by its version, and training says so", async () => {
  const opened = await openStore(store.data);
  try {
    const days = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"];
    const market = { exchange: "bitfinex", symbols: ["BTCUSD"], days, source: "candles" } as const;
    await horizonMap(opened, market, { seed: 1, horizonsUs: [30 * MINUTE_US] });
  } finally {
    await opened.close();
  }
  const { code, out } = await store.train("--model", "logistic", "--horizon", "30");
  expect(code).toBe(0);
  const [, name] = /^(logistic@\w+) loaded/m.exec(out)!;
  expect(out).toContain(
    `fitted before, for horizon map: give its version where it is meant, as in \`npx tickbook evaluate --model ${name}\``,
  );
  expect((await store.train("--model", "logistic")).out).not.toContain("fitted before");
});

test("an evaluation and its card say what is predicted, from which source, and ask no gate", async () => {
  const { code, out, err } = await store.run("evaluate", "--model", "majority", "--json");
  expect(err).toContain(`\npredicts ${BARRIERS}\n`);
  const { card, ...said } = JSON.parse(out);
  expect(said).toMatchObject({ ...FACTS, labelRule: { kind: "triple-barrier" } });
  // A gate fails, and no other is asked: neither a pass nor a fail of the whole.
  expect([code, said["verdict"]]).toEqual([1, "not evaluated"]);
  expect(err).toContain(`\n${BOUNCE}\n`);
  // A gate that was not asked has no verdict, and no figure that looks like one.
  expect(err).toMatch(
    /^gates not evaluated: accuracy, calibration-error, .*canaries; .* label-is-mid fails \(exit 1\).*promotes/m,
  );
  expect(err).toMatch(/^fail +label-is-mid: 0\.0000, margin /m);
  expect(err).not.toMatch(/^undecided +(?!BOUNCE-PRONE: plan)/m);
  expect(err).toMatch(/^right +canary shuffled .*, standard error 0\.\d+; /m);
  expect(err).toMatch(
    /^right +canary rows rebuilt from candles: .*, exact; .* stored candles give/m,
  );
  expect(err).toMatch(
    /^traded with 100,000 USD at the costs of FTMO crypto: 3\.25 bps of the value a side; funding: none\nclose +at the close: /m,
  );
  expect(err).toMatch(
    /^Sharpe after costs: \d+ daily returns?, which are too few to say one; it takes 20$/m,
  );
  expect(err).not.toMatch(/^mid |from events|1 days|1 trials/m);
  expect((await store.run("models")).out).toMatch(
    /^majority@.* gates not evaluated +not promoted/m,
  );
  const asked = await store.run("promote", `majority@${said["version"]}`);
  expect([asked.code, asked.err]).toEqual([
    1,
    expect.stringContaining("gates that were not evaluated: its labels are on trade closes"),
  ]);
  const compared = await store.run("trials", "--compare", "logistic,majority");
  expect(compared.out).toMatch(/^last evaluation +never evaluated +gates not evaluated$/m);
  const page = readFileSync(card, "utf8");
  expect(page).toContain("which barrier BTCUSD will meet first within 15 minutes");
  expect(page).toContain("<dt>Predicts</dt><dd>triple barrier of the close within 15 min</dd>");
  // What the plan would say of it, and what it would miss, in every place.
  const plan = said["planGates"];
  expect(plan.map(({ name }: { name: string }) => name)).toEqual([
    ...["accuracy", "calibration", "Sharpe"],
  ]);
  for (const { name, rule, misses, verdict } of plan) {
    expect(err).toMatch(new RegExp(`^${verdict} +BOUNCE-PRONE: plan's ${name}: .*; misses `, "m"));
    expect(err).toContain(`; ${rule}; misses ${misses}\n`);
    expect(page).toContain(misses);
  }
  expect(page).toContain("<p>Not evaluated: BOUNCE-PRONE");
  expect(page).toContain("<dt>Beware</dt><dd>BOUNCE-PRONE</dd>");
  const json = JSON.parse(readFileSync(path.join(path.dirname(card), "card.json"), "utf8"));
  expect(json).toMatchObject({ marks: MARKS, verdict: "not evaluated", planGates: plan });
  expect(json.predicts).toMatchObject({
    source: "candles",
    labelKind: "close",
    labelRule: { kind: "triple-barrier", deviations: 1, volatilityBars: 60 },
  });
  expect(json.limits.join("\n")).toMatch(/It says which barrier the close meets first \(triple/);
});
