import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { type SimulationOptions, simulateMarket } from "./simulate-market.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-market-"));
afterAll(() => rmSync(root, { recursive: true }));

const OPTIONS: SimulationOptions = {
  symbols: ["SOLUSDT"],
  from: "2024-01-01",
  to: "2024-01-02",
  seed: 9,
  edge: "informative",
  hasFaults: false,
  types: ["trades", "incremental_book_L2", "simulation_truth"],
};

function hashes(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile()).sort();
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(path.join(folder, name)))
        .digest("hex"),
    ]),
  );
}

test("one seed gives the same bytes, also when the days are made one after the other", async () => {
  const [first, second] = ["first", "second"].map((name) => path.join(root, name));
  await simulateMarket(first!, { ...OPTIONS, to: "2024-01-03" });
  await simulateMarket(second!, OPTIONS);
  const summary = await simulateMarket(second!, { ...OPTIONS, to: "2024-01-03" });
  expect(summary.kept).toBe(1);
  expect(summary.files).toBe(6);
  expect(hashes(second!)).toEqual(hashes(first!));
  expect(Object.keys(hashes(first!))).toHaveLength(7);
});

test("a second run keeps what is there; a file that is missing is made again", async () => {
  const folder = path.join(root, "first");
  const before = hashes(folder);
  const two = { ...OPTIONS, to: "2024-01-03" };
  expect((await simulateMarket(folder, two)).kept).toBe(2);
  const victim = path.join(folder, "simulated/trades/2024/01/02/SOLUSDT.csv.gz");
  rmSync(victim);
  expect((await simulateMarket(folder, two)).kept).toBe(1);
  expect(existsSync(victim)).toBe(true);
  expect(hashes(folder)).toEqual(before);
});

test("a folder that holds another market is refused, and so is one that cannot be", async () => {
  const folder = path.join(root, "second");
  const before = hashes(folder);
  await expect(simulateMarket(folder, { ...OPTIONS, seed: 10 })).rejects.toThrow(OptionError);
  expect(hashes(folder)).toEqual(before);
  const file = path.join(root, "file");
  writeFileSync(file, "");
  await expect(simulateMarket(file, OPTIONS)).rejects.toThrow(OptionError);
  const elsewhere = path.join(root, "elsewhere");
  const unknown = { ...OPTIONS, symbols: ["DOGEUSDT"] };
  await expect(simulateMarket(elsewhere, unknown)).rejects.toThrow(OptionError);
  const reversed = { ...OPTIONS, from: "2024-01-05" };
  await expect(simulateMarket(elsewhere, reversed)).rejects.toThrow(OptionError);
  expect(existsSync(elsewhere)).toBe(false);
});

test("the record names the kinds of faults, and other kinds are another market", async () => {
  const folder = path.join(root, "faulty");
  const options = { ...OPTIONS, types: ["trades"] as const, hasFaults: true };
  await simulateMarket(folder, { ...options, faultKinds: ["sequence-jump"] });
  const read = (name: string) => JSON.parse(readFileSync(path.join(folder, name), "utf8"));
  expect(read("simulation.json").market).toMatchObject({ faultKinds: ["sequence-jump"] });
  expect(read("faults.json").faults).toMatchObject([{ kind: "sequence-jump", type: "trades" }]);
  await expect(simulateMarket(folder, options)).rejects.toThrow(OptionError);
});
