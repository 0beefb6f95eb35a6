import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

/** Folders of pure functions and of stores in temporary folders: their tests leave nothing behind in a process. */
const SHARING = [
  "core",
  "store",
  "ingest",
  "market",
  "simulate",
  "audit",
  "features",
  "dataset",
  "models",
  "registry",
  "training",
  "trading",
  "evaluation",
  "reporting",
  "runtime",
  "bench",
].map((folder) => path.join("src", folder));

/** A mock, or what belongs to a whole process. */
const OWN_PROCESS =
  /\bvi\.|\bprocess\.(env|chdir|exitCode|on|once|emit|kill|stdout|stderr|memoryUsage|cpuUsage|resourceUsage)\b|globalThis/;

/** Test files that can go one after the other through the same process, and so load what they import once. */
const shared = SHARING.flatMap((folder) =>
  readdirSync(path.join(import.meta.dirname, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => path.join(folder, name)),
).filter((file) => !OWN_PROCESS.test(readFileSync(path.join(import.meta.dirname, file), "utf8")));

// biome-ignore lint/style/noDefaultExport: vitest reads its settings from the default export
export default defineConfig({
  test: {
    // Native addons (DuckDB, TensorFlow) want processes of their own; two cores carry two.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "shared", include: shared, isolate: false } },
      {
        extends: true,
        test: {
          name: "alone",
          include: ["src/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...shared],
        },
      },
    ],
  },
});
