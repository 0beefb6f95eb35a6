import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PROJECT_ROOT } from "./settings.js";

/** Packages whose version a report names. */
const PACKAGES: readonly (readonly [string, string])[] = [
  ["DuckDB", "@duckdb/node-api"],
  ["tslab", "tslab"],
  ["danfo", "danfojs-node"],
  ["arquero", "arquero"],
  ["Plotly", "plotly.js-dist-min"],
  ["tardis-dev", "tardis-dev"],
];

/** What a report's footer says of the machine and the packages it was made with. */
export function environmentVersions(): Readonly<Record<string, string>> {
  const packages = PACKAGES.map(([name, folder]) => [name, versionOf(folder)] as const);
  return {
    tickbook: versionIn(PROJECT_ROOT),
    Node: process.versions.node,
    Platform: `${process.platform} ${process.arch}, ${os.availableParallelism()} cores`,
    ...Object.fromEntries(packages),
  };
}

function versionOf(name: string): string {
  return versionIn(path.join(PROJECT_ROOT, "node_modules", ...name.split("/")));
}

function versionIn(folder: string): string {
  const text = readFileSync(path.join(folder, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
