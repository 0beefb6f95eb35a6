// The compiled sources, for tests that start programs: children are plain JavaScript.
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const ROOT = path.resolve(__dirname, "..", "..");

/**
 * Compiles the sources into `dist/`, unless it is of these sources already, as under `npm test`.
 *
 * @returns the folder, which every test shares and none changes
 * @throws {Error} the sources do not compile
 */
export async function builtSources(): Promise<string> {
  await promisify(execFile)(process.execPath, [path.join(ROOT, "tools", "build.mjs")]);
  return path.join(ROOT, "dist");
}
