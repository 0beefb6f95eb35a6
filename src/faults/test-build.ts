// A build for tests: children are plain JavaScript.
import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const ROOT = path.resolve(__dirname, "..", "..");

/** Compiles all sources into a folder that finds the packages; the caller removes it. */
export async function buildForTest(): Promise<string> {
  const built = await mkdtemp(path.join(ROOT, "node_modules", ".tickbook-campaigns-"));
  const compiler = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const options = ["-p", path.join(ROOT, "tsconfig.build.json"), "--outDir", built];
  // Exit code 1 is an error of types somewhere, which other tests report.
  const args = [compiler, ...options, "--noEmitOnError", "false"];
  await promisify(execFile)(process.execPath, args).catch(() => undefined);
  return built;
}
