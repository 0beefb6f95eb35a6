import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

/** Who may import whom: the table of the style guide. `*` stands for every folder. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  store: ["core"],
  market: ["core", "store"],
  simulate: ["core", "market"],
  ingest: ["core", "store"],
  audit: ["core", "store", "market"],
  features: ["core", "store", "market"],
  dataset: ["core", "store", "market", "features"],
  models: ["core"],
  registry: ["core", "store", "models"],
  training: ["core", "dataset", "models", "registry"],
  trading: ["core", "market"],
  evaluation: [
    "core",
    "store",
    "market",
    "features",
    "dataset",
    "models",
    "training",
    "trading",
    "registry",
  ],
  runtime: ["core", "store", "market", "features", "models", "trading", "registry"],
  reporting: [
    "core",
    "store",
    "market",
    "features",
    "audit",
    "trading",
    "evaluation",
    "registry",
    "runtime",
  ],
  qc: ["core", "store", "registry", "reporting"],
  jobs: ["core"],
  bench: ["*"],
  faults: ["*"],
  cli: ["*"],
};

const SRC = __dirname;

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

const imports = files
  .filter((file) => !file.endsWith(".test.ts") && file !== "index.ts" && file.includes(path.sep))
  .flatMap((file) => {
    const text = readFileSync(path.join(SRC, file), "utf8");
    const found = text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
    return [...found].map(([, target]) => ({
      file,
      from: file.split(path.sep)[0]!,
      to: path.join(path.dirname(file), target!).split(path.sep)[0]!,
    }));
  });

test("every import between folders of src is in the table", () => {
  const forbidden = imports.filter(({ from, to }) => {
    const allowed = MAY_IMPORT[from];
    return from !== to && !(allowed?.includes("*") || allowed?.includes(to));
  });
  expect(imports.length).toBeGreaterThan(5);
  expect(forbidden).toEqual([]);
});

test("every folder of src is in the table", () => {
  const folders = new Set(
    files.filter((file) => file.includes(path.sep)).map((file) => file.split(path.sep)[0]!),
  );
  expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
});

test("no source file is longer than 300 lines", () => {
  const long = files.filter(
    (file) => readFileSync(path.join(SRC, file), "utf8").split("\n").length > 301,
  );
  expect(long).toEqual([]);
});
