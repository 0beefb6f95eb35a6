import { execFile } from "node:child_process";
import os from "node:os";
import { promisify } from "node:util";
import { version as duckdbVersion } from "@duckdb/node-api";
import { pythonOf } from "./measured-child.js";

/** What a benchmark ran on, by name. */
export async function machineFacts(root: string): Promise<Readonly<Record<string, string>>> {
  const model = os.cpus()[0]?.model.trim() || "unknown processor";
  return {
    machine: `${os.availableParallelism()} cores, ${model}, ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    "load before": `${os.loadavg()[0]!.toFixed(1)} (other work on the machine blurs every figure)`,
    Node: process.versions.node,
    zlib: process.versions.zlib,
    DuckDB: duckdbVersion(),
    gunzip: await firstLine("gunzip", ["--version"]),
    Python: await firstLine(pythonOf(root), ["--version"]),
  };
}

async function firstLine(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args);
    return stdout.split("\n")[0]!.trim();
  } catch {
    return "not there";
  }
}
