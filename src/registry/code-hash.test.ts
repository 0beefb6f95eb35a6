import { execFile } from "node:child_process";
import {
  appendFile,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { contentHash } from "../core/content-hash.js";
import { DataError } from "../core/errors.js";
import { builtSources } from "../core/test-build.js";
import { buildText, builtFrom } from "./built-code.js";
import { codeHash } from "./code-hash.js";

const ROOT = path.resolve(__dirname, "..", "..");

test("code that decides a fit changes the hash; tests and other folders do not", async () => {
  const project = await mkdtemp(path.join(tmpdir(), "tickbook-code-"));
  try {
    for (const folder of ["models", "core", "training"]) {
      await cp(path.resolve(__dirname, "..", folder), path.join(project, "src", folder), {
        recursive: true,
      });
    }
    const before = await codeHash({ running: path.join(project, "src") });
    const write = (file: string) => writeFile(path.join(project, "src", file), "changed");
    await write("models/lstm.test.ts");
    await write("training/test-dataset.ts");
    await write("index.ts");
    expect(await codeHash({ running: path.join(project, "src") })).toBe(before);
    await write("models/lstm.ts");
    const changed = await codeHash({ running: path.join(project, "src") });
    expect(changed).not.toBe(before);
    await write("core/new-file.ts");
    expect(await codeHash({ running: path.join(project, "src") })).not.toBe(changed);
  } finally {
    await rm(project, { recursive: true });
  }
});

test("an evaluation's hash knows trading and gates, a prediction's only what a fitted model is fed", async () => {
  const project = await mkdtemp(path.join(tmpdir(), "tickbook-code-"));
  const write = async (folder: string): Promise<void> => {
    await mkdir(path.join(project, "src", folder), { recursive: true });
    await writeFile(path.join(project, "src", folder, "a.ts"), `${folder}`);
  };
  const hashes = async () => ({
    fit: await codeHash({ running: path.join(project, "src") }),
    evaluation: await codeHash({ of: "evaluation", running: path.join(project, "src") }),
    prediction: await codeHash({ of: "prediction", running: path.join(project, "src") }),
  });
  const moved = async (folder: string): Promise<string[]> => {
    const before = await hashes();
    await write(folder);
    const after = await hashes();
    return (["fit", "evaluation", "prediction"] as const).filter((of) => before[of] !== after[of]);
  };
  try {
    for (const folder of ["core", "market", "features", "models"]) {
      expect(await moved(folder)).toEqual(["fit", "evaluation", "prediction"]);
    }
    for (const folder of ["dataset", "training"]) {
      expect(await moved(folder)).toEqual(["fit", "evaluation"]);
    }
    for (const folder of ["store", "trading", "evaluation", "registry"]) {
      expect(await moved(folder)).toEqual(["evaluation"]);
    }
    for (const folder of ["reporting", "cli"]) expect(await moved(folder)).toEqual([]);
  } finally {
    await rm(project, { recursive: true });
  }
});

test("a content's hash does not depend on key order, but on everything else", () => {
  const hash = contentHash({ a: 1, b: { c: [1, 2], d: "x" } });
  expect(contentHash({ b: { d: "x", c: [1, 2] }, a: 1 })).toBe(hash);
  expect(contentHash({ a: 1, b: { c: [2, 1], d: "x" } })).not.toBe(hash);
});

/** Builds a project as `npm run build` does. */
async function build(project: string): Promise<void> {
  const program = JSON.stringify(pathToFileURL(path.join(ROOT, "tools", "build.mjs")).href);
  const script = `const { buildStep } = await import(${program}); await buildStep(process.argv[1]);`;
  await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    script,
    "--",
    project,
  ]);
}

/** A project of three sources, one of which decides nothing. */
async function smallProject(): Promise<string> {
  const project = await mkdtemp(path.join(tmpdir(), "tickbook-built-"));
  for (const name of ["tsconfig.json", "tsconfig.build.json", "package-lock.json"]) {
    await copyFile(path.join(ROOT, name), path.join(project, name));
  }
  await writeFile(path.join(project, "package.json"), '{"type":"commonjs"}');
  await symlink(path.join(ROOT, "node_modules"), path.join(project, "node_modules"));
  for (const folder of ["core", "evaluation", "cli"]) {
    await mkdir(path.join(project, "src", folder), { recursive: true });
    await writeFile(
      path.join(project, "src", folder, "gate.ts"),
      "export const limit: number = 1;\n",
    );
  }
  return project;
}

test("compiled code has one hash wherever it is, with src beside it and without, and no other code's", async () => {
  const dist = await builtSources();
  const script = `require(process.argv[1]).codeHash({ of: process.argv[2] }).then((hash) => process.stdout.write(hash));`;
  for (const of of ["fit", "evaluation", "prediction"] as const) {
    const args = ["--eval", script, "--", path.join(dist, "registry", "code-hash.js"), of];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toBe(await codeHash({ of, running: dist }));
    expect(stdout).not.toBe(await codeHash({ of }));
  }
  const [project, other] = [await smallProject(), await smallProject()];
  const built = (folder: string) =>
    codeHash({ of: "evaluation", running: path.join(folder, "dist") });
  try {
    for (const folder of [project, other]) await build(folder);
    const hash = await built(project);
    expect(await built(other)).toBe(hash);
    await rm(path.join(project, "src"), { recursive: true });
    expect(await built(project)).toBe(hash);
  } finally {
    for (const folder of [project, other]) await rm(folder, { recursive: true });
  }
});

test("compiled code that was altered together with the build's list has another hash", async () => {
  const project = await smallProject();
  const running = path.join(project, "dist");
  try {
    await build(project);
    const [fit, evaluation] = [
      await codeHash({ running }),
      await codeHash({ of: "evaluation", running }),
    ];
    const file = path.join(running, "evaluation", "gate.js");
    await appendFile(file, "exports.limit = 0;\n");
    const list = path.join(running, ".tickbook-build");
    const said = JSON.parse(await readFile(list, "utf8"));
    said.files["evaluation/gate.ts"].compiled = contentHash(await readFile(file));
    await writeFile(list, JSON.stringify(said));
    expect(await codeHash({ of: "evaluation", running })).not.toBe(evaluation);
    // What it does not alter stays: a fit is of other folders.
    expect(await codeHash({ running })).toBe(fit);
  } finally {
    await rm(project, { recursive: true });
  }
});

test("compiled code that is not what src says has no hash until it is built again", async () => {
  const project = await smallProject();
  const running = path.join(project, "dist");
  const inProject = (...names: string[]) => path.join(project, ...names);
  const gate = "exports.limit = 0;\n";
  const deeds: readonly (readonly [named: string, deed: () => Promise<unknown>])[] = [
    ["dist/evaluation/gate.js", () => appendFile(inProject("dist/evaluation/gate.js"), gate)],
    ["dist/core/gate.js", () => rm(inProject("dist/core/gate.js"))],
    ["src/core/gate.ts", () => appendFile(inProject("src/core/gate.ts"), "// pulled\n")],
    ["src/core/more.ts", () => writeFile(inProject("src/core/more.ts"), "export {};\n")],
    ["src/core/more.ts", () => rm(inProject("src/core/more.ts"))],
    ["dist", () => rm(inProject("dist/.tickbook-build"))],
  ];
  try {
    await build(project);
    for (const [named, deed] of deeds) {
      await codeHash({ running });
      await deed();
      const refused = codeHash({ running });
      await expect(refused).rejects.toThrow(DataError);
      await expect(refused).rejects.toThrow(
        `${inProject(named)}: is not what src says: results would be recorded under the name of other code; run \`npm run build\``,
      );
      await build(project);
    }
    // What decides nothing may be as it likes.
    const hash = await codeHash({ running });
    await appendFile(inProject("src/cli/gate.ts"), "// words\n");
    await appendFile(inProject("dist/cli/gate.js"), "// words\n");
    expect(await codeHash({ running })).toBe(hash);
  } finally {
    await rm(project, { recursive: true });
  }
});

test("a build under a running process leaves it without a hash", async () => {
  const project = await smallProject();
  const running = path.join(project, "dist");
  try {
    await build(project);
    const loaded = buildText(running);
    const isMeant = () => true;
    expect(builtFrom(running, { loaded, isMeant })).toHaveLength(3);
    await appendFile(path.join(project, "src", "core", "gate.ts"), "export const more = 1;\n");
    await build(project);
    expect(await readFile(path.join(running, "core", "gate.js"), "utf8")).toContain("more");
    expect(() => builtFrom(running, { loaded, isMeant })).toThrow(
      "dist: was built anew after this process had loaded its code; run the same command again",
    );
  } finally {
    await rm(project, { recursive: true });
  }
});
