// Notebooks run headless: a failing cell stops its own notebook only, and everything is told as it happens.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const PYTHON = path.resolve(__dirname, "..", ".venv", "bin", "python");

interface Cell {
  readonly source: string | readonly string[];
  readonly execution_count: number | null;
  readonly outputs: readonly { readonly output_type: string; readonly text?: readonly string[] }[];
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-notebooks-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeNotebook(name: string, sources: readonly string[]): string {
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    id: `cell-${i}`,
    metadata: { tags: source.startsWith("let ") ? ["parameters"] : [] },
    source,
    outputs: [],
    execution_count: null,
  }));
  const file = path.join(folder, `${name}.ipynb`);
  writeFileSync(file, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  return file;
}

function executed(name: string): readonly Cell[] {
  const text = readFileSync(path.join(folder, "out", `${name}.ipynb`), "utf8");
  return (JSON.parse(text) as { readonly cells: readonly Cell[] }).cells;
}

test("parameters are set, a failure stops its own notebook only, and events tell both", () => {
  const failing = writeNotebook("failing", ["1", 'throw new Error("not so")', "3"]);
  const passing = writeNotebook("passing", [
    "let days: number = 1;\nlet name: string = 'none';",
    "console.log(days + 1, name, process.env.TICKBOOK_DATA)",
  ]);
  const parameters = { days: 41, name: "a\u2028b", elsewhere: true };
  const args = ["--out", path.join(folder, "out"), "--params", JSON.stringify(parameters)];
  const script = path.join(__dirname, "run_notebooks.py");
  const { status, stdout } = spawnSync(PYTHON, [script, ...args, failing, passing], {
    encoding: "utf8",
    env: { ...process.env, TICKBOOK_DATA: "/somewhere" },
  });
  expect(status).toBe(1);
  const events = stdout
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as Record<string, unknown>);
  const told = events.map(({ event, notebook, cell, ok }) => [event, notebook, cell, ok]);
  expect(told).toEqual([
    ["start", "failing", undefined, undefined],
    ["cell", "failing", 1, true],
    ["cell", "failing", 2, false],
    ["done", "failing", undefined, false],
    ["start", "passing", undefined, undefined],
    ["cell", "passing", 1, true],
    ["cell", "passing", 2, true],
    ["done", "passing", undefined, true],
  ]);
  expect(events[3]!["error"]).toBe("Error: not so (in cell 2)");
  expect(executed("failing").map(({ execution_count }) => execution_count)).toEqual([1, 2, null]);
  expect(executed("failing")[1]!.outputs[0]!.output_type).toBe("error");
  expect(executed("passing").at(-1)!.outputs[0]!.text!.join("")).toBe("42 a\u2028b /somewhere\n");
});

test("a parameter of the wrong type fails the notebook", () => {
  const file = writeNotebook("typed", ["let days: number = 1;", "days"]);
  const args = ["--out", path.join(folder, "out"), "--params", '{"days": "many"}', file];
  const { status, stdout } = spawnSync(
    PYTHON,
    [path.join(__dirname, "run_notebooks.py"), ...args],
    {
      encoding: "utf8",
    },
  );
  expect(status).toBe(1);
  expect(stdout).toContain(
    "Type 'string' is not assignable to type 'number'. (in the injected parameters)",
  );
});
