import { appendFile, cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readLedger } from "./ledger.js";
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
