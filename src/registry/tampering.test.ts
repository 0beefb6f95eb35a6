import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { canonicalJson, contentHash } from "../core/content-hash.js";
import { WorkbenchError } from "../core/errors.js";
import { chained } from "./chain.js";
import type { Entry, EvaluationEntry } from "./entries.js";
import { readEvaluation } from "./evaluations.js";
import { mendPromoted, readLedger } from "./ledger.js";
import { loadPromoted } from "./load-promoted.js";
import { demote, promote, readPromoted } from "./promotion.js";
import { evaluateTrial, PASSED, trainTrial } from "./test-registry.js";
import { type Trial, versionOf } from "./trial.js";
import { readTrials } from "./trials.js";

const RUNS = { seed: 20_240_301, numRuns: 100 } as const;

let folder: string;
let whole: string;
let root: string;
let trial: Trial;
let other: Trial;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-tampering-"));
  whole = path.join(folder, "whole");
  trial = await trainTrial(whole, 1);
  other = await trainTrial(whole, 2);
  for (const one of [other, trial, other]) await evaluateTrial(whole, one);
  for (const one of [other, trial]) await promote(whole, named(one));
  await demote(whole, { ...named(other), reason: "drifted" });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  root = path.join(folder, "copy");
  await rm(root, { recursive: true, force: true });
  await cp(whole, root, { recursive: true });
});

function named({ model: name, key }: Trial): { name: string; version: string } {
  return { name, version: versionOf(key) };
}
const ledger = () => path.join(root, "registry", "trials.jsonl");
const view = () => path.join(root, "registry", "promoted.json");
const load = () =>
  loadPromoted(root, trial.model, versionOf(trial.key), { catalogueHash: "catalogue 1" });

/** Files that the promoted model rests on. */
async function filesOfPromoted(): Promise<readonly string[]> {
  const own = path.join("registry", "models", trial.model, versionOf(trial.key));
  const evaluation = (await readPromoted(root))[0]!.evaluation.slice(0, 12);
  const names = await readdir(path.join(root, own), { recursive: true });
  const unused = (name: string) => name.includes("evaluations/") && !name.includes(evaluation);
  return [
    "registry/trials.jsonl",
    "registry/promoted.json",
    ...names
      .filter((name) => /\.\w+$/.test(name) && !unused(name))
      .map((name) => path.join(own, name)),
  ];
}

/** What is read after the files were changed: refused with what and where. */
async function requireRefused(what: () => Promise<unknown>): Promise<void> {
  const error = await what().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkbenchError);
  expect((error as Error).message).toMatch(/(jsonl|json|safetensors).*; \w+/);
}

test("no flipped bit in ledger, view, bundle or evaluation goes unseen", async () => {
  const files = await filesOfPromoted();
  expect(files).toHaveLength(6);
  await load();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 0, max: 7 }),
      async (name, place, bit) => {
        const file = path.join(root, name);
        const bytes = await readFile(file);
        const changed = Buffer.from(bytes);
        changed[Math.floor(place * bytes.length)]! ^= 1 << bit;
        await writeFile(file, changed);
        await requireRefused(load);
        if (/promoted|trials/.test(name)) await requireRefused(() => readTrials(root));
        await writeFile(file, bytes);
      },
    ),
    RUNS,
  );
  await load();
});

test("no dropped, doubled, swapped, moved or invented line goes unseen", async () => {
  const lines = (await readFile(ledger(), "utf8")).trimEnd().split("\n");
  const at = fc.integer({ min: 0, max: lines.length - 1 });
  const without = (i: number) => lines.filter((_, k) => k !== i);
  const insert = (list: readonly string[], k: number, line: string) => [
    ...list.slice(0, k),
    line,
    ...list.slice(k),
  ];
  const swapped = (i: number, k: number) =>
    lines.map((line, n) => (n === i ? lines[k]! : n === k ? lines[i]! : line));
  const edits = fc.oneof(
    at.map(without),
    fc.tuple(at, at).map(([i, k]) => insert(lines, k, lines[i]!)),
    fc.tuple(at, at).map(([i, k]) => swapped(i, k)),
    fc.tuple(at, at).map(([i, k]) => insert(without(i), k, lines[i]!)),
    at.map((i) => lines.slice(0, i)),
    fc.tuple(at, fc.json()).map(([i, json]) => insert(lines, i, json)),
  );
  await fc.assert(
    fc.asyncProperty(edits, async (changed) => {
      fc.pre(changed.join() !== lines.join());
      await writeFile(ledger(), changed.map((line) => `${line}\n`).join(""));
      await requireRefused(() => readTrials(root));
    }),
    RUNS,
  );
});

test("a ledger that was cut anywhere is refused, and so its demotions stay", async () => {
  const bytes = await readFile(ledger());
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
      await writeFile(ledger(), bytes.subarray(0, length));
      await requireRefused(() => readLedger(root));
    }),
    RUNS,
  );
  await truncate(ledger(), bytes.length - 20);
  await expect(mendPromoted(root)).rejects.toThrow("the ledger was cut");
});

test("a promotion that is chained as it must be is refused when its evaluation does not allow it", async () => {
  const { entries } = await readLedger(root);
  const text = await readFile(ledger(), "utf8");
  const failed = entries.find(
    (entry): entry is EvaluationEntry => entry.kind === "evaluation" && entry.key === other.key,
  )!;
  const { key, bundle, evaluation } = failed;
  const forged: readonly object[] = [
    { kind: "promotion", key, bundle, evaluation, signOff: "" },
    { kind: "promotion", key, bundle: trial.bundle, evaluation, signOff: "" },
    { kind: "promotion", key: "0", bundle, evaluation, signOff: "" },
    { kind: "demotion", key, reason: "" },
    { kind: "pardon", key },
  ];
  for (const content of forged) {
    const line = canonicalJson(chained(content, entries.at(-1)));
    await writeFile(ledger(), `${text}${line}\n`);
    await expect(readTrials(root)).rejects.toThrow(/trials\.jsonl, row 9: .*changed after it was/);
  }
});

test("a pass that was written into the ledger alone is found at its file", async () => {
  const failing = { gates: [{ name: "sharpe", verdict: "fail", value: 0, margin: -1 }] } as const;
  await evaluateTrial(root, other, { ...failing, verdict: "fail" });
  const { entries } = await readLedger(root);
  const last = entries.at(-1) as EvaluationEntry;
  const { number: _n, previous: _p, hash: _h, ...content } = last;
  const gates = PASSED;
  const rewritten = chained({ ...content, gates, verdict: "pass" }, entries.at(-2)) as Entry;
  const lines = [...entries.slice(0, -1), rewritten].map((entry) => `${canonicalJson(entry)}\n`);
  await writeFile(ledger(), lines.join(""));
  // The view was written with the entry that was there before, so it is taken away as well.
  await expect(readLedger(root)).rejects.toThrow("promoted.json: does not say what the ledger");
  await mendPromoted(root);
  await expect(promote(root, named(other))).rejects.toThrow(
    /evaluations\/\w+\.json, verdict: was "fail", and entry 9 of the ledger says "pass"; evaluate/,
  );
});

test("a pass whose figures are none promotes nothing, and a promotion on one is refused", async () => {
  const { entries } = await readLedger(root);
  const { number: _n, previous: _p, hash: _h, ...passed } = await evaluateTrial(root, trial);
  const file = (hash: string) =>
    path.join(
      root,
      "registry/models",
      trial.model,
      versionOf(trial.key),
      `evaluations/${hash.slice(0, 12)}.json`,
    );
  // As other code would have written both the file and the entry.
  const gates = PASSED.map((gate) =>
    gate.name === "accuracy" ? { ...gate, value: 0.5244, margin: -0.1556 } : gate,
  );
  const text = await readFile(file(passed.evaluation), "utf8");
  const said = canonicalJson({ ...JSON.parse(text), gates });
  const hash = contentHash(Buffer.from(said));
  await rm(file(passed.evaluation));
  await writeFile(file(hash), said);
  const forged = chained({ ...passed, gates, evaluation: hash }, entries.at(-1));
  const lines = [...entries, forged].map((entry) => `${canonicalJson(entry)}\n`);
  await writeFile(ledger(), lines.join(""));
  await mendPromoted(root);
  await expect(promote(root, { ...named(trial), signOff: "Ann" })).rejects.toThrow(
    "did not pass every gate: accuracy called a pass (value 0.5244, margin -0.1556)",
  );
  const { key, bundle } = trial;
  const promotion = { kind: "promotion", key, bundle, evaluation: hash, code: "", signOff: "" };
  await writeFile(ledger(), `${lines.join("")}${canonicalJson(chained(promotion, forged))}\n`);
  await expect(load()).rejects.toThrow(
    /row 10: promotes what the last evaluation before it does not allow/,
  );
});

type Otherwise = readonly [what: string, changes: Partial<EvaluationEntry>, said: RegExp];
const OTHERWISE: readonly Otherwise[] = [
  ["verdict", { verdict: "undecided" }, /json, verdict: was "pass", .* says "undecided"/],
  ["isVoid", { isVoid: true }, /json, isVoid: was false, .* says true/],
  ["execution", { execution: "spot" }, /json, execution: was "FTMO crypto, 100000 USD"/],
  [
    "trials",
    { trials: { count: 1, sharpeDeviation: 0, unknown: 0 } },
    /json, trials\.count: was 2/,
  ],
  [
    "a gate's verdict",
    { gates: PASSED.map((gate, i) => (i === 3 ? { ...gate, verdict: "fail" as const } : gate)) },
    /json, gates\.sharpe\.verdict: was "pass", .* says "fail"/,
  ],
  [
    "a gate's value",
    { gates: PASSED.map((gate, i) => (i === 1 ? { ...gate, value: Number.NaN } : gate)) },
    /json, gates\.accuracy\.value: was 0\.71, .* says null/,
  ],
  ["a gate less", { gates: PASSED.slice(1) }, /json, gates: was a list of 10, .* of 9/],
  ["a figure", { figures: { accuracy: 0.9 } }, /json, figures\.accuracy: was 0\.71, .* says 0\.9/],
];

test.each(OTHERWISE)(
  "%s that the ledger says otherwise than the file is named",
  async (_, changes, said) => {
    const last = await evaluateTrial(root, trial);
    await readEvaluation(root, trial, last);
    await expect(readEvaluation(root, trial, { ...last, ...changes })).rejects.toThrow(said);
  },
);

test("a changed or missing view is an error that says how to mend it, and mending mends it", async () => {
  const text = await readFile(view(), "utf8");
  const { hash: _, ...said } = JSON.parse(text) as {
    promoted: { signOff: string }[];
    hash: string;
  };
  const lie = { ...said, promoted: [...said.promoted, { ...said.promoted[0], name: "lstm" }] };
  const lies = [
    `${canonicalJson({ ...lie, hash: contentHash(lie) })}\n`,
    text.replace('"entries":8', '"entries":80'),
    text.trimEnd(),
    "",
  ];
  for (const changed of lies) {
    await writeFile(view(), changed);
    await expect(readPromoted(root)).rejects.toThrow(
      /promoted\.json: .*; write it anew from the ledger with `npx tickbook models --mend`/,
    );
    expect(await mendPromoted(root)).toBe("rewritten");
    expect(await readFile(view(), "utf8")).toBe(text);
  }
  await rm(view());
  await expect(load()).rejects.toThrow("promoted.json: is not there");
  expect([await mendPromoted(root), await mendPromoted(root)]).toEqual(["was gone", "whole"]);
  await load();
});

test("a missing bundle or evaluation is named", async () => {
  for (const name of (await filesOfPromoted()).slice(2)) {
    const file = path.join(root, name);
    const bytes = await readFile(file);
    await rm(file);
    await expect(load()).rejects.toThrow(`${path.basename(name)}: is not there`);
    await writeFile(file, bytes);
  }
});
