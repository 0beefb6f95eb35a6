// TypeScript cells in a notebook on a Python kernel: a real one of each, driven as a notebook's reader would.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text as readAll } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = path.resolve(__dirname, "..", "..");
const PYTHON = path.join(ROOT, ".venv", "bin", "python");

/** Runs a notebook on the Python kernel of the clone's environment; cells after one that fails run, too. */
const RUNNER = `
import sys
# As in run_notebooks.py.
sys.modules["rfc3987_syntax"] = None
import nbformat
from nbclient import NotebookClient
notebook = nbformat.reads(sys.stdin.read(), as_version=4)
NotebookClient(notebook, timeout=120, allow_errors=True, kernel_name="python3").execute()
sys.stdout.write(nbformat.writes(notebook))`;

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
}

interface Cell {
  readonly id: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly Output[];
}

let scratch = "";
beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), "tickbook-colab-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** @param jupyter - where the user's kernels are, below the scratch folder */
async function execute(notebook: object, jupyter: string): Promise<readonly Cell[]> {
  const child = spawn(PYTHON, ["-c", RUNNER], {
    cwd: path.join(ROOT, "notebooks"),
    env: { ...process.env, JUPYTER_DATA_DIR: path.join(scratch, jupyter) },
  });
  child.stdin.end(JSON.stringify(notebook));
  const [stdout, stderr] = await Promise.all([readAll(child.stdout), readAll(child.stderr)]);
  if (stdout === "") throw new Error(stderr);
  return (JSON.parse(stdout) as { readonly cells: readonly Cell[] }).cells;
}

function notebookOf(sources: readonly string[]): object {
  const cells = sources.map((source, i) => {
    return {
      cell_type: "code",
      id: `c${i}`,
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    };
  });
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

/** What an output prints, without the colours that Node gives values in a notebook. */
const text = (output: Output | undefined): string =>
  stripVTControlCharacters([output?.text ?? ""].flat().join(""));

const display = (data: string, place = "{}"): string =>
  `globalThis["tickbookDisplay"]({ "text/plain": "plain", ${data} }, {}, ${place});`;

const CELLS: Readonly<Record<string, string>> = {
  load: `import sys\nsys.path.insert(0, ${JSON.stringify(__dirname)})\n%load_ext typescript_magic\nimport workbench`,
  streams: '%%ts\nconst one: number = 1;\nconsole.log("out", one); console.error("err");',
  declared: "%%ts\nconsole.log(one + 1);",
  displays: `%%ts\n${display('"text/html": "<b>1 of 2</b>"', '{ displayId: "a" }')}
${display('"application/vnd.plotly.v1+json": { data: [], layout: {} }')}
${display('"image/png": "iVBORw0KGgo="')}
${display('"text/html": "<b>2 of 2</b>"', '{ displayId: "a", isUpdate: true }')}`,
  variables:
    'import math\nnamed = {"text": "a\\u2028\\"b", "list": [1, 2.5, None, True], "none": math.nan}\nlast = 3',
  given:
    '%%ts named last\nconsole.log(named.text === "a\\u2028\\"b", named.list.join(), named.none, last + 1);',
  unknown: "%%ts nothing\n1",
  unfit: "import sys\nunfit = sys",
  unfitGiven: "%%ts unfit\n1",
  failing: '%%ts\nconsole.log("before"); throw new Error("not so");',
  untyped: '%%ts\nconst wrong: number = "text";',
  interrupted: '%%ts\nconsole.log("begun"); process.kill(process.ppid, "SIGINT"); for (;;);',
  after: "%%ts\nconsole.log(one + 2);",
  dying: "%%ts\nprocess.exit(3);",
  fresh: "%%ts\none;",
  freshAgain: '%%ts\nconsole.log("here");',
  program: 'workbench.run("node", "-e", "console.log(1); console.error(2); process.exit(3)")',
  oldNode: `import os\nos.environ["PATH"] = ${JSON.stringify("SCRATCH")}\nworkbench.require_node()`,
  register: "workbench.register_kernel()",
  report: 'workbench.show_report("99-none")',
};

let seen: Record<string, readonly Output[]>;
beforeAll(async () => {
  writeFileSync(path.join(scratch, "node"), "#!/bin/sh\necho v18.19.1\n", { mode: 0o755 });
  const sources = Object.values(CELLS).map((source) => source.replace("SCRATCH", scratch));
  const names = Object.keys(CELLS);
  const other = path.join(scratch, "other", "kernels", "tslab");
  mkdirSync(other, { recursive: true });
  writeFileSync(path.join(other, "kernel.json"), '{"argv":["tslab","kernel"]}');
  // Most of the time they wait for kernels, so both run at once.
  const [cells] = await Promise.all([execute(notebookOf(sources), "other"), executeColab()]);
  seen = Object.fromEntries(cells.map(({ outputs = [] }, i) => [names[i]!, outputs]));
}, 300_000);

/** What the cells of 00-colab put out, in a clone that is set up. */
let colab: readonly Output[];
async function executeColab(): Promise<void> {
  const file = path.join(ROOT, "notebooks", "00-colab.ipynb");
  const notebook = JSON.parse(readFileSync(file, "utf8")) as { readonly cells: readonly Cell[] };
  const left = ["workbench.install()", 'workbench.run("npx", "tickbook", "doctor")'];
  // The set-up has run before any test, and doctor has tests of its own.
  const cells = notebook.cells.filter(({ source }) => !left.includes([source].flat().join("")));
  expect(cells).toHaveLength(notebook.cells.length - 2);
  const executed = await execute({ ...notebook, cells }, "jupyter");
  colab = executed.flatMap(({ outputs = [] }) => outputs);
}

test("what a cell prints appears below it, and what it declares stays", () => {
  expect(seen["load"]).toEqual([]);
  expect(seen["streams"]!.map((output) => [output.name, text(output)])).toEqual([
    ["stdout", "out 1\n"],
    ["stderr", "err\n"],
  ]);
  expect(text(seen["declared"]![0])).toBe("2\n");
});

test("pictures, figures and HTML pass through, and updates replace what they update", () => {
  const html = (output: Output): unknown => [output.data!["text/html"] ?? ""].flat().join("");
  expect(seen["displays"]!.map(html)).toEqual(["<b>2 of 2</b>", "", ""]);
  expect(seen["displays"]![1]!.data).toHaveProperty(["application/vnd.plotly.v1+json"]);
  expect(seen["displays"]![2]!.data).toHaveProperty(["image/png"]);
});

test("variables of Python are given by name, and one that cannot be is refused in a sentence", () => {
  expect(text(seen["given"]![0])).toBe("true 1,2.5,,true NaN 4\n");
  // IPython shows wrong usage as a line, not as an error.
  expect(text(seen["unknown"]![0])).toContain("nothing is no variable of this notebook");
  expect(text(seen["unfitGiven"]![0])).toContain(
    "unfit is nothing that JSON can hold (a module is in it)",
  );
});

test("a cell that fails is an error with its own words, and shows no line of Python", () => {
  const [printed, error] = seen["failing"]!;
  expect(text(printed)).toBe("before\n");
  expect(error).toMatchObject({ output_type: "error", ename: "TypescriptError", evalue: "not so" });
  expect(error!.traceback!.join("\n")).toContain("not so");
  expect(error!.traceback!.join("\n")).not.toContain(".py");
  expect(seen["untyped"]![0]!.evalue).toContain("not assignable to type 'number'");
});

test("an interrupt stops the cell and keeps what was declared", () => {
  const [printed, error] = seen["interrupted"]!;
  expect(text(printed)).toBe("begun\n");
  expect(error).toMatchObject({ ename: "KeyboardInterrupt" });
  expect(text(seen["after"]![0])).toBe("3\n");
});

test("a kernel that died is said so, and the next cell has a fresh one", () => {
  expect(seen["dying"]![0]!.evalue).toContain("the TypeScript kernel died");
  expect(seen["fresh"]![0]!.evalue).toContain("Cannot find name 'one'");
  expect(text(seen["freshAgain"]![0])).toBe("here\n");
});

test("a program that fails fails its cell, after its lines", () => {
  const printed = seen["program"]!.slice(0, -1).map(text).join("");
  expect(printed.split("\n").sort().join("")).toBe("12");
  const error = seen["program"]!.at(-1);
  expect(error!.evalue).toMatch(/^`node -e .*` ended with exit code 3; see above$/);
});

test("a Node that is too old, and a report that is not there, are said with what helps", () => {
  expect(seen["oldNode"]![0]!.evalue).toBe(
    "Node 20.19 or newer is needed and this one is 18.19.1; run `workbench.fetch_node()` in a cell, then this one again",
  );
  expect(seen["report"]![0]!.evalue).toMatch(/^there is no report 99-none yet; there are: /);
});

test("a kernel of that name that somebody else registered is left, and named", () => {
  expect(seen["register"]![0]!.evalue).toMatch(
    /^another kernel is called tslab, in .*other\/kernels\/tslab; remove it with /,
  );
});

test("the notebook 00-colab runs in a clone that is set up, and leaves the kernel registered", () => {
  expect(colab.filter(({ output_type }) => output_type === "error")).toEqual([]);
  const shown = colab.map((output) => text(output) + String(output.data?.["text/plain"] ?? ""));
  expect(shown.join("\n")).toMatch(/registered in .*jupyter\/kernels\/tslab/);
  expect(shown.join("\n")).toMatch(/computes on \S.*, (TensorFlow|tfjs) \d/);
  const kernel = path.join(scratch, "jupyter", "kernels", "tslab", "kernel.json");
  const { argv } = JSON.parse(readFileSync(kernel, "utf8")) as { readonly argv: readonly string[] };
  expect(argv[1]).toMatch(/tools\/tslab-launcher\.cjs$/);
});
