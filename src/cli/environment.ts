import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PROJECT_ROOT } from "../core/settings-file.js";
import { loadTensorflow } from "../models/tensorflow.js";

/** Packages whose version a report names. */
const PACKAGES: readonly (readonly [string, string])[] = [
  ["DuckDB", "@duckdb/node-api"],
  ["tslab", "tslab"],
  ["danfo", "danfojs-node"],
  ["arquero", "arquero"],
  ["Plotly", "plotly.js-dist-min"],
  ["tardis-dev", "tardis-dev"],
];

/** What computes here, for the reports. */
export interface ReportEnvironment {
  /** Versions and devices, by name. */
  readonly environment: Readonly<Record<string, string>>;
  /** Said at the head of every report where TensorFlow's native library is not used. */
  readonly notice?: string;
}

/** What reports say of the machine and the packages they were made with. */
export async function reportEnvironment(): Promise<ReportEnvironment> {
  const { backend, version, device, reason } = await loadTensorflow();
  if (backend === "native") {
    return { environment: environmentVersions(`native ${version} on ${device}`) };
  }
  return {
    environment: environmentVersions(`tfjs ${version} in JavaScript`),
    notice:
      `TensorFlow's native library is not used here (${reason ?? "unknown"}): tfjs in JavaScript ` +
      "computes instead, slower and equal within float tolerance. `npm run setup` builds the native addon.",
  };
}

function environmentVersions(tensorflow: string): Readonly<Record<string, string>> {
  const packages = PACKAGES.map(([name, folder]) => [name, versionOf(folder)] as const);
  return {
    TensorFlow: tensorflow,
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
