// npm packages exactly as package-lock.json says, without running their install scripts.
import { readdirSync } from "node:fs";
import path from "node:path";
import { filesBelow, hashOf, ROOT, textOf, writeWhole } from "./places.mjs";
import { run } from "./run.mjs";

const STAMP = path.join(ROOT, "node_modules", ".tickbook-packages");

/** Installs the packages unless those in node_modules came from the same lock file. */
export async function installPackages(npm) {
  const wanted = hashOf(
    ...["package.json", "package-lock.json"].map((name) => ({ file: path.join(ROOT, name) })),
    ...filesBelow(path.join(ROOT, "tools", "tfjs-node")).map((file) => ({ file })),
    `${process.platform}-${process.arch}`,
  );
  if (textOf(STAMP) === wanted) return { mark: "kept", found: "as package-lock.json says" };
  const [command, ...args] = npm;
  const flags = [
    "--ignore-scripts",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  await run("npm ci", command, [...args, "ci", ...flags], { cwd: ROOT });
  writeWhole(STAMP, wanted);
  return { found: `${countPackages()} installed from package-lock.json` };
}

function countPackages() {
  const folder = path.join(ROOT, "node_modules");
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  return names
    .map((name) => (name.startsWith("@") ? readdirSync(path.join(folder, name)).length : 1))
    .reduce((sum, count) => sum + count, 0);
}
