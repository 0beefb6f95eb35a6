// Notebooks run headless: a failing cell stops its own notebook only, and everything is told as it happens.
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const PYTHON = path.resolve(__dirname, "..", ".venv", "bin", "python");

interface Cell {
  readonly source: string | readonly string[];
  readonly execution_count: number | null;
  readonly outputs: readonly {
    readonly output_type: string;
    readonly text?: readonly string[];
    readonly data?: { readonly "text/plain": string | readonly string[] };
  }[];
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

/** One run of notebooks on the real kernel, and what it said: each start of a kernel takes seconds. */
let ran: { readonly status: number | null; readonly stdout: string };

/** Events of a notebook, in order. */
function eventsOf(name: string): readonly Record<string, unknown>[] {
  const events = ran.stdout.trim().split("\n");
  return events
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .filter(({ notebook }) => notebook === name);
}

beforeAll(() => {
  const pid = (name: string): string => JSON.stringify(path.join(folder, `${name}.pid`));
  const noted = (name: string): string =>
    `import fs from "node:fs"; fs.writeFileSync(${pid(name)}, String(process.pid));`;
  const looked = (name: string): string => `import fsOf from "node:fs";
    let before = "runs beside this one";
    try { process.kill(Number(fsOf.readFileSync(${pid(name)})), 0); } catch (error) { before = String(error); }
    console.log(before);`;
  const show = (text: string, place: string): string =>
    `globalThis["tickbookDisplay"]({ "text/plain": "${text}" }, {}, ${place});`;
  const files = [
    writeNotebook("failing", [noted("failing"), 'throw new Error("not so")', "3"]),
    writeNotebook("passing", [
      "let of: string = ''; let days: number = 1; // both\nlet name: string = 'none';",
      "console.log(days + 1, name, process.env.TICKBOOK_DATA)",
      [
        show("1 of 2", '{ displayId: "a" }'),
        show("apart", "{}"),
        show("2 of 2", '{ displayId: "a", isUpdate: true }'),
      ].join("\n"),
      `${noted("passing")}\n${looked("failing")}`,
    ]),
    writeNotebook("typed", [`let hours: number = 1;\n${looked("passing")}`, "hours"]),
  ];
  const parameters = { days: 41, name: "a\u2028b", elsewhere: true, hours: "many" };
  const args = ["--out", path.join(folder, "out"), "--params", JSON.stringify(parameters)];
  const script = path.join(__dirname, "run_notebooks.py");
  ran = spawnSync(PYTHON, [script, ...args, ...files], {
    encoding: "utf8",
    env: { ...process.env, TICKBOOK_DATA: "/somewhere" },
  });
}, 400_000);

test("parameters are set, a failure stops its own notebook only, and events tell both", () => {
  expect(ran.status).toBe(1);
  const told = [...eventsOf("failing"), ...eventsOf("passing")];
  expect(
    told.map(({ event, notebook, cell, ok, error }) => [event, notebook, cell ?? error, ok]),
  ).toEqual([
    ["start", "failing", undefined, undefined],
    ["cell", "failing", 1, true],
    ["cell", "failing", 2, false],
    ["done", "failing", "Error: not so (in cell 2)", false],
    ["start", "passing", undefined, undefined],
    ["cell", "passing", 1, true],
    ["cell", "passing", 2, true],
    ["cell", "passing", 3, true],
    ["cell", "passing", 4, true],
    ["done", "passing", "", true],
  ]);
  expect(executed("failing").map(({ execution_count }) => execution_count)).toEqual([1, 2, null]);
  expect(executed("failing")[1]!.outputs[0]!.output_type).toBe("error");
  expect(executed("passing")[2]!.outputs[0]!.text!.join("")).toBe("42 a\u2028b /somewhere\n");
});

test("an output that a cell updates in place is one output, with its last content", () => {
  const { outputs } = executed("passing")[3]!;
  expect(outputs.map(({ data }) => [data?.["text/plain"]].flat().join(""))).toEqual([
    "2 of 2",
    "apart",
  ]);
});

test("a parameter of the wrong type fails the notebook", () => {
  expect(eventsOf("typed").at(-1)).toMatchObject({ event: "done", ok: false });
  expect(eventsOf("typed").at(-1)!["error"]).toContain(
    "Type 'string' is not assignable to type 'number'. (in the injected parameters)",
  );
});

test("the kernel of one notebook is gone before the next starts, whether it failed or passed", () => {
  const [typed] = executed("typed");
  for (const { outputs } of [executed("passing")[4]!, typed!]) {
    expect(outputs[0]!.text!.join("")).toBe("Error: kill ESRCH\n");
  }
});

interface Ended {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs notebooks on a kernel that answers wrongly, and gives the last event of each. */
async function onFakeKernel(
  files: readonly string[],
  { deaths = 0, when = "start" }: { readonly deaths?: number; readonly when?: string } = {},
): Promise<readonly Record<string, unknown>[]> {
  const own = mkdtempSync(path.join(folder, "fake-"));
  const spec = path.join(own, "kernels", "tslab");
  mkdirSync(spec, { recursive: true });
  const note = path.join(own, "deaths");
  writeFileSync(note, String(deaths));
  const argv = [PYTHON, path.join(__dirname, "fake_kernel.py"), "{connection_file}", note, when];
  const kernel = { argv, display_name: "fake", language: "typescript" };
  writeFileSync(path.join(spec, "kernel.json"), JSON.stringify(kernel));
  const program = `import pathlib, sys, run_notebooks
run_notebooks.KERNELS = pathlib.Path(sys.argv.pop(1))
run_notebooks.OUTPUT_SECONDS = 1
run_notebooks.STARTUP_SECONDS = ${when === "mute" ? 8 : 120}
sys.exit(run_notebooks.main())`;
  const args = ["-c", program, path.dirname(spec), "--out", path.join(folder, "out"), ...files];
  const { status, stdout, stderr } = await new Promise<Ended>((resolve) => {
    execFile(PYTHON, args, { cwd: __dirname }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : error.code, stdout, stderr });
    });
  });
  expect(stderr).not.toContain("Traceback");
  const done = stdout
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .filter(({ event }) => event === "done");
  expect(status).toBe(done.every(({ ok }) => ok) ? 0 : 1);
  return done;
}

// Most of their time goes by in waiting, so they run at once.
test.concurrent("a cell of which the kernel does not say in full that it ran fails the notebook", async () => {
  const notRun = "the kernel did not run the cell:";
  const expected = {
    right: "",
    aborted: `${notRun} it answered "aborted" (in cell 2)`,
    uncounted: `${notRun} its answer had no execution count (in cell 2)`,
    unbegun: `${notRun} it never said that the cell began (in cell 2)`,
    endless: `${notRun} its outputs did not end within 1 s (in cell 2)`,
    dead: "the kernel died; it may have run out of memory (in cell 2)",
  };
  const names = Object.keys(expected);
  const done = await onFakeKernel(names.map((name) => writeNotebook(name, ["1", name, "3"])));
  expect(done.map(({ error }) => error)).toEqual(Object.values(expected));
  for (const name of names.slice(1)) {
    const [first, second, third] = executed(name);
    expect([first!.outputs.length, third!.execution_count]).toEqual([0, null]);
    expect(second!.outputs.map(({ output_type }) => output_type)).toEqual(["error"]);
  }
});

test.concurrent.each(["start", "mute", "asked"])(
  "a kernel that ends before its first cell is started again: %s",
  async (when) => {
    const deaths = when === "start" ? 2 : 1;
    const file = writeNotebook(`started-${when}`, ["1", "2"]);
    const [started] = await onFakeKernel([file], { deaths, when });
    expect(started!["error"]).toBe("");
  },
);

test.concurrent("a kernel that always dies when it is asked for its first cell is said to die there", async () => {
  const file = writeNotebook("first", ["1", "2"]);
  const [first] = await onFakeKernel([file], { deaths: 3, when: "asked" });
  expect(first!["error"]).toBe("the kernel died; it may have run out of memory (in cell 1)");
});

test.concurrent("a kernel that never starts is said so, and nothing that an earlier run left is taken for this run's", async () => {
  const file = writeNotebook("stale", ["1"]);
  const text = readFileSync(file, "utf8").replace(
    '"outputs":[],"execution_count":null',
    '"outputs":[{"output_type":"stream","name":"stdout","text":"old"}],"execution_count":7',
  );
  expect(text).toContain('"text":"old"');
  writeFileSync(file, text);
  const [never] = await onFakeKernel([file], { deaths: 3 });
  expect(never!["ok"]).toBe(false);
  expect(never!["error"]).toMatch(/^the kernel did not start: Kernel died/);
  expect(executed("stale")).toMatchObject([{ outputs: [], execution_count: null }]);
});
