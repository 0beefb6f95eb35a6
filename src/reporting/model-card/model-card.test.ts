import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { canonicalJson } from "../../core/content-hash.js";
import { evaluateTrial, trainTrial } from "../../registry/test-registry.js";
import { versionOf } from "../../registry/trial.js";
import { launchBrowser } from "../browser.js";
import { cardPage } from "./card-page.js";
import { modelCard } from "./model-card.js";
import { sampleEvaluation, sampleSource } from "./test-card.js";
import { writeModelCard } from "./write-model-card.js";

const evaluation = sampleEvaluation();
const own = evaluation.models[0]!;
const source = sampleSource(evaluation);
const card = modelCard(source);

test("says what the model is, from what it was made, and by which hashes", () => {
  expect(card).toMatchObject({
    name: "lstm",
    version: "0a1b2c3d4e5f",
    source: "SIMULATED",
    predicts: {
      exchange: "simulated",
      symbols: ["BTCUSDT", "ETHUSDT"],
      barMinutes: 1,
      horizonMinutes: 5,
      latencyMs: 500,
      labelKind: "mid",
      labelRule: { kind: "direction" },
      source: "ticks",
    },
    data: { from: "2024-03-01", to: "2024-03-04", testRows: own.rows, badRows: 0 },
    features: ["a", "b", "c"],
    settings: { units: 32, dropout: 0.5, coverage: 0.3 },
    seed: 4,
    backend: "native 2.21.0",
    entry: 9,
  });
  expect(card.hashes).toEqual({
    data: "d".repeat(64),
    code: "c".repeat(64),
    catalogue: "e".repeat(64),
    features: "f".repeat(64),
    bundle: "b".repeat(64),
    evaluation: "a".repeat(64),
    evaluationCode: "9".repeat(64),
  });
});

test("every figure is the evaluation's, with its interval, beside its base rate", () => {
  const metric = (name: string) => card.metrics.find((one) => one.name === name);
  const { estimate, lower, upper, effectiveRows } = own.metrics.accuracy;
  expect(metric("accuracy")).toEqual({
    name: "accuracy",
    unit: "ratio",
    value: estimate,
    lower,
    upper,
    base: own.majorityRate,
    baseName: "majority class",
    effectiveRows,
  });
  const up = own.upRate;
  expect(metric("Brier loss")?.base).toBeCloseTo(up * (1 - up), 12);
  expect(metric("log loss")?.base).toBeCloseTo(
    -up * Math.log(up) - (1 - up) * Math.log(1 - up),
    12,
  );
  expect(metric("AUC")).toMatchObject({ value: own.metrics.auc.estimate, base: 0.5 });
  expect(metric("above logistic")?.value).toBe(own.metrics.aboveLogistic.estimate);
  expect(metric("calibration error")?.base).toBe(own.calibrationNoiseFloor);
  expect(card.metrics.every(({ base }) => Number.isFinite(base))).toBe(true);
  // JSON has no negative zero.
  expect(card.gates).toEqual(own.gates.map((gate) => ({ ...gate, margin: gate.margin + 0 })));
  expect(card.calibration.bins).toEqual(own.reliability);
  expect(card.trading.rungs.at(-1)).toMatchObject({
    name: "costs",
    sharpe: own.backtest.sharpe,
    netReturn: own.backtest.netReturn,
    days: own.backtest.daily.length,
  });
  const deflated = own.gates.find(({ name }) => name === "deflated-sharpe")?.value;
  expect(card.trials).toEqual({
    count: 3,
    sharpeDeviation: 0.05,
    unknown: 1,
    deflatedSharpe: deflated,
  });
});

test("limits of use name the market, the gates that are open and what was not measured", () => {
  const limits = card.limits.join("\n");
  expect(limits).toContain("simulated market: no figure here is about a real one");
  const open = own.gates.filter(({ verdict }) => verdict !== "pass").map(({ name }) => name);
  expect(limits).toContain(`Not to be run: it has not passed ${open.join(", ")}.`);
  expect(limits).toContain("For simulated BTCUSDT, ETHUSDT from ticks in bars of 1 min alone");
  expect(limits).toContain(
    "Its ledger holds 3 tries (trials, each once for every way of executing",
  );
  expect(limits).toContain("The Sharpe ratio of 1 trial is unknown");
  expect(limits).not.toContain("BOUNCE-PRONE");
  const real = {
    ...evaluation,
    exchange: "bitfinex",
    isSimulated: false,
    isVoid: true,
    labelKind: "close",
    canaries: [],
  };
  const other = sampleSource(real);
  const flattering = modelCard(other);
  expect(flattering.source).toBe("REAL");
  expect(flattering.marks).toEqual(["REAL", "BOUNCE-PRONE"]);
  expect(flattering.limits.join("\n")).toMatch(
    /^Void: (.|\n)*BOUNCE-PRONE(.|\n)*No canary was run/,
  );
});

test("the rule of labels is told in limits, head and JSON; an unknown one is said to be unknown", () => {
  const of = (labelRule: object | undefined) => {
    const { bundle, ...rest } = source;
    const other = modelCard({
      ...rest,
      bundle: { ...bundle, content: { ...bundle.content, labelRule } },
    });
    return { other, page: cardPage(other), limits: other.limits.join("\n") };
  };
  const barriers = of({ kind: "triple-barrier", deviations: 2, volatilityBars: 30 });
  expect(barriers.other.predicts.labelRule).toMatchObject({
    kind: "triple-barrier",
    deviations: 2,
  });
  expect(barriers.limits).toContain(
    "It says which barrier the mid meets first (triple barrier: 2 deviations of the horizon's return, taken from the last 30 bars, above and below",
  );
  expect(barriers.limits).not.toContain("which way the mid goes");
  expect(barriers.page).toContain(
    "<dt>Predicts</dt><dd>triple barrier of the mid within 5 min</dd>",
  );
  expect(of({ kind: "direction" }).limits).toContain(
    "It says which way the mid goes over 5 min, from",
  );
  expect(of(undefined).limits).toContain("by a rule of labels that its bundle does not name");
});

test("a ladder of executions is shown rung by rung, with what the data could not give", () => {
  const { backtest } = own;
  const ladder = {
    rungs: [
      { ...backtest, name: "mid", about: "at the mid" },
      { ...backtest, name: "costs", about: "with fees" },
    ],
    absent: [{ name: "book", why: "No books were read." }],
  };
  const models = [{ ...own, ladder: { ...own.ladder, ...ladder }, added: "later" }];
  const { trading } = modelCard(sampleSource({ ...evaluation, models }));
  expect(trading.rungs.map(({ name }) => name)).toEqual(["mid", "costs"]);
  expect(trading.absent).toEqual(ladder.absent);
});

test("what is no evaluation of a model is refused", () => {
  for (const wrong of [{}, { models: [] }, { models: 3 }]) {
    expect(() => modelCard(sampleSource(wrong))).toThrow("holds no model");
  }
});

test("the page is one file with verdict, gates and figures in it", () => {
  const page = cardPage(card);
  expect(page).toContain("<title>SIMULATED · lstm@0a1b2c3d4e5f · tickbook</title>");
  expect(page).toMatch(/<span class="badge fail">.*fail<\/span><p>No: it passes \d+ of \d+ gates/);
  for (const { name, rule } of own.gates) {
    expect(page).toContain(name);
    expect(page).toContain(rule.replaceAll(">", "&gt;").replaceAll("<", "&lt;"));
  }
  expect(page).toContain(`${(100 * own.metrics.accuracy.estimate).toFixed(1)}\u00a0% of test bars`);
  expect(page.match(/<circle /g)).toHaveLength(own.reliability.length);
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
});

const CALL = "window.boom=1";
const PAYLOADS = [
  `<script>${CALL}</script>`,
  `</title></style></textarea></svg><script>${CALL}</script>`,
  `--><img src=x onerror="${CALL}">`,
  `"><img src=x onerror=${CALL}>`,
  `' onmouseover='${CALL}' autofocus onfocus='${CALL}`,
  `<svg onload=${CALL}>`,
  `<a href="javascript:${CALL}">x</a>`,
  `<iframe srcdoc="<script>parent.boom=1</script>"></iframe>`,
  "$&$`$'$1",
];

/** Each text of a value in place of a payload, names of fields with free names too. */
function hostile(value: unknown, payload: string): unknown {
  if (typeof value === "string") return `${value} ${payload}`;
  if (Array.isArray(value)) return value.map((one) => hostile(one, payload));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, hostile(one, payload)]),
  );
}

test("no text of a bundle or an evaluation is ever run", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-card-"));
  const browser = await launchBrowser();
  try {
    const all = PAYLOADS.join(" ");
    const json = JSON.parse(canonicalJson(evaluation)) as object;
    const base = sampleSource(hostile(json, all) as object);
    const content = hostile(base.bundle.content, all) as Record<string, unknown>;
    content["settings"] = Object.fromEntries(PAYLOADS.map((text) => [text, { [text]: text }]));
    const page = cardPage(modelCard({ ...base, bundle: { ...base.bundle, content } }));
    expect(page).not.toContain("<script>window.boom");
    expect(page).not.toContain("<img src=x");
    const file = path.join(folder, "card.html");
    await writeFile(file, page);
    const context = await browser.newContext({ offline: true });
    const tab = await context.newPage();
    const asked: string[] = [];
    tab.on("request", (request) => asked.push(request.url()));
    await tab.goto(pathToFileURL(file).href);
    await tab.mouse.move(300, 300);
    await tab.keyboard.press("Tab");
    expect(await tab.evaluate("typeof window.boom")).toBe("undefined");
    expect(asked.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
    expect(await tab.locator("main svg circle").count()).toBe(own.reliability.length);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
});

test("is written beside the bundle, the same each time, and leaves the bundle whole", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "tickbook-card-"));
  try {
    const trial = await trainTrial(root, 1);
    await expect(writeModelCard(root, { name: "logistic" })).rejects.toThrow("was never evaluated");
    const logistic = evaluation.models.filter(({ model }) => model === "logistic");
    const { verdict, gates, figures } = sampleSource({ ...evaluation, models: logistic }).record;
    const recorded = { verdict, gates, figures, evaluation };
    const { evaluation: hash } = await evaluateTrial(root, trial, recorded);
    const first = await writeModelCard(root, { name: "logistic", version: versionOf(trial.key) });
    expect(path.dirname(first.json)).toBe(
      path.join(root, "registry", "models", "logistic", versionOf(trial.key)),
    );
    const texts = [await readFile(first.json, "utf8"), await readFile(first.html, "utf8")];
    expect(JSON.parse(texts[0]!)).toMatchObject({ entry: 2, hashes: { evaluation: hash } });
    await writeModelCard(root, { name: "logistic" });
    expect([await readFile(first.json, "utf8"), await readFile(first.html, "utf8")]).toEqual(texts);
  } finally {
    await rm(root, { recursive: true });
  }
});

test("canaries that were not run are named with the reason; an older evaluation does not say", () => {
  const lack = { kind: "shortfall", step: "hold a canary", what: "blocks", has: 1.7, needs: 3 };
  const canaries = ["shuffled labels", "random walk, a bar ahead"];
  const canaryShortfalls = [{ ...lack, canaries, remedy: "Give more days." }];
  const card = modelCard(sampleSource({ ...evaluation, canaryShortfalls }));
  expect(card.canaryShortfalls).toEqual(canaryShortfalls);
  expect(card.limits.join("\n")).toContain("not shuffled labels; random walk, a bar ahead.");
  expect(cardPage(card)).toContain(
    "Not run: canaries shuffled labels; random walk, a bar ahead: Not enough data to hold a canary: 1.7 blocks, and it needs 3. Give more days.",
  );
  const { canaryShortfalls: _, ...older } = evaluation;
  expect(modelCard(sampleSource(older)).canaryShortfalls).toEqual([]);
});

test("an ensemble's card names its members with their weights, and no other card does", () => {
  const members = [
    { name: "logistic@0a1b2c3d4e5f", weights: [0.75, 1], voices: [0.9, 1] },
    { name: "mlp@0a1b2c3d4e5f", weights: [0.25, 0], voices: [0.1, 0] },
  ];
  const settings = { coverage: 1, members: [{ name: "logistic@0a1b2c3d4e5f", seed: 1 }] };
  const { bundle } = source;
  const content = { ...bundle.content, settings, members };
  const of = modelCard({ ...source, bundle: { ...bundle, content } });
  expect(of.members).toEqual(members);
  expect(of.settings).toEqual(settings);
  const html = cardPage(of);
  expect(html).toContain("Members of the ensemble");
  expect(html).toMatch(/mlp@0a1b2c3d4e5f<\/td>.*0\.250, 0, left out/s);
  expect(html).not.toContain('"seed":1');
  expect(card.members).toBeUndefined();
  expect(cardPage(card)).not.toContain("Members of the ensemble");
});
