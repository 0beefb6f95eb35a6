import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readLedger } from "./ledger.js";
import { mendRegistry } from "./mend-registry.js";
import { demote, promote, readPromoted } from "./promotion.js";
import { evaluateTrial, trainTrial } from "./test-registry.js";
import { type Trial, versionOf } from "./trial.js";

/** Steps that change the disk until the process is killed; a write is cut in its middle. */
const plan = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));

vi.mock("node:fs/promises", async (importActual) => {
  const actual = await importActual<typeof import("node:fs/promises")>();
  const step = (): void => {
    if (--plan.left < 0) throw new Error("killed");
  };
  const changing =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      step();
      return await call(...args);
    };
  const open: typeof actual.open = async (...args) => {
    step();
    const handle = await actual.open(...args);
    const write = handle.writeFile.bind(handle);
    handle.writeFile = async (data, ...rest) => {
      if (plan.left === 0) {
        const bytes = Buffer.from(data as Uint8Array);
        await write(bytes.subarray(0, Math.floor(bytes.length / 2)), ...rest);
      }
      step();
      await write(data, ...rest);
    };
    // A kill takes nothing from the system's memory, so nothing has to reach the disk here.
    handle.sync = async () => step();
    return handle;
  };
  const { mkdir, rename, truncate, writeFile } = actual;
  return {
    ...actual,
    open,
    mkdir: changing(mkdir as (...args: unknown[]) => Promise<unknown>),
    rename: changing(rename),
    rm: changing(actual.rm),
    truncate: changing(truncate),
    writeFile: changing(writeFile),
  };
});

let folder: string;
let root: string;
let trial: Trial;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-killed-"));
  root = path.join(folder, "before");
  trial = await trainTrial(root, 1);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const own = () => ({ name: trial.model, version: versionOf(trial.key) });
const ledgerFile = () => path.join(root, "registry", "trials.jsonl");

/** Runs something that is killed after some steps; returns false when it came to its end before. */
async function isKilled(work: () => Promise<unknown>, steps: number): Promise<boolean> {
  plan.left = steps;
  try {
    await work();
    return false;
  } catch (error) {
    expect((error as Error).message).toBe("killed");
    return true;
  } finally {
    plan.left = Number.POSITIVE_INFINITY;
    // A killed process leaves its lock, and the next one sees that nobody holds it.
    await rm(`${ledgerFile()}.lock`, { force: true });
  }
}

interface Deed {
  readonly before: () => Promise<unknown>;
  readonly deed: () => Promise<unknown>;
}

const DEEDS: Readonly<Record<string, Deed>> = {
  "recording a trial": { before: async () => {}, deed: () => trainTrial(root, 2) },
  "recording after a line that was cut": {
    before: () => appendFile(ledgerFile(), '{"bundle":"'),
    deed: () => trainTrial(root, 2),
  },
  "recording an evaluation": { before: async () => {}, deed: () => evaluateTrial(root, trial) },
  promoting: { before: () => evaluateTrial(root, trial), deed: () => promote(root, own()) },
  demoting: {
    before: async () => {
      await evaluateTrial(root, trial);
      await promote(root, own());
    },
    deed: () => demote(root, own()),
  },
};

test.each(Object.entries(DEEDS))(
  "%s leaves what was or what will be, at whatever step it is killed",
  async (_, { before, deed }) => {
    await before();
    const prepared = root;
    const was = (await readLedger(root)).entries;
    const outcomes: number[] = [];
    for (let steps = 0; ; steps++) {
      root = path.join(folder, `killed after ${steps}`);
      await cp(prepared, root, { recursive: true });
      if (!(await isKilled(deed, steps))) break;
      const { entries, state } = await readLedger(root);
      expect(entries.slice(0, was.length)).toEqual(was);
      outcomes.push(entries.length - was.length);
      const models = [...state.promoted.values()].map(({ promotion }) => promotion.number);
      expect((await readPromoted(root)).map(({ since }) => since)).toEqual(models);
      // The next one finishes what was left.
      const { number } = await trainTrial(root, 3);
      expect(number).toBe(entries.length + 1);
      // A mark that was left beside what an entry names would excuse its being cut later.
      const registry = path.join(root, "registry");
      const files = await readdir(registry, { recursive: true });
      const marked = files.filter((file) => files.includes(`${file}.unrecorded`));
      const { unrecorded } = await readLedger(root);
      expect(marked.map((file) => path.join(registry, file)).sort()).toEqual(
        unrecorded.map(({ file }) => file).sort(),
      );
      const view = await readFile(path.join(root, "registry", "promoted.json"), "utf8");
      expect(JSON.parse(view)).toMatchObject({ entries: number });
    }
    expect((await readLedger(root)).entries).toHaveLength(was.length + 1);
    // First nothing is there, then all of it; and both were seen more than once.
    expect(outcomes.join("")).toMatch(/^0{3,}1{4,}$/);
  },
);

test("a demotion holds from the step on that it is seen at, whatever is brought back or done again", async () => {
  await evaluateTrial(root, trial);
  await promote(root, own());
  const prepared = root;
  const files = ["trials.jsonl", "promoted.json"];
  const before = await Promise.all(
    files.map((name) => readFile(path.join(root, "registry", name), "utf8")),
  );
  const isPromoted = async () => (await readPromoted(root)).length > 0;
  /** What may happen after the kill, before ledger and view are brought back. */
  const afterwards: readonly (() => Promise<unknown>)[] = [
    async () => {},
    () => demote(root, own()),
    () => mendRegistry(root),
  ];
  const seen: boolean[][] = [];
  for (const [way, next] of afterwards.entries()) {
    seen.push([]);
    for (let steps = 0; ; steps++) {
      root = path.join(folder, `${way} after ${steps}`);
      await cp(prepared, root, { recursive: true });
      const isKilledHere = await isKilled(() => demote(root, { ...own(), reason: "bad" }), steps);
      await next();
      const was = await isPromoted();
      seen[way]!.push(was);
      for (const [i, name] of files.entries()) {
        await writeFile(path.join(root, "registry", name), before[i]!);
      }
      expect(await isPromoted()).toBe(was);
      // The next one writes down what was noted, and goes on from there.
      await trainTrial(root, 2);
      expect(await isPromoted()).toBe(was);
      const { entries } = await readLedger(root);
      expect(entries.map(({ kind }) => kind).join(" ")).toBe(
        `trial evaluation promotion ${was ? "" : "demotion "}trial`,
      );
      if (!isKilledHere) break;
    }
  }
  // First it is promoted, then not; demoting again leaves none promoted.
  for (const way of [0, 2]) expect(seen[way]!.join(" ")).toMatch(/^(true ){3,}(false ?){4,}$/);
  expect(seen[1]).not.toContain(true);
});

test("a demotion of an earlier version that was never noted is noted when it is asked for or mended", async () => {
  await evaluateTrial(root, trial);
  await promote(root, own());
  await demote(root, { ...own(), reason: "bad" });
  const note = path.join(
    root,
    "registry/models",
    trial.model,
    `${versionOf(trial.key)}.demoted.json`,
  );
  const text = await readFile(note, "utf8");
  for (const act of [() => demote(root, own()), () => mendRegistry(root)]) {
    await rm(note);
    await act();
    expect(await readFile(note, "utf8")).toBe(text);
  }
  expect((await readLedger(root)).entries).toHaveLength(4);
});
