// Runs notebooks on the kernel, in a child process of their own, and writes each one's report as it ends.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { DataError, OptionError } from "../core/errors.js";
import type { ReportRecord } from "./report-record.js";
import { openReports, type ReportWriter } from "./write-reports.js";

/** How to run. */
export interface NotebookRun {
  /** Folder of the clone. */
  readonly root: string;
  /** Files of notebooks, in the order in which they are to run. */
  readonly files: readonly string[];
  /** Values for the variables of the `parameters` cells; each notebook takes those it declares. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Values of a later run in place of those above that do not last, such as a server's address. */
  readonly lasting?: Readonly<Record<string, unknown>>;
  /** Where reports go. */
  readonly reports: string;
  /** A sentence for the head of every report. */
  readonly notice?: string;
  /** Versions and devices for the footers. */
  readonly environment: Readonly<Record<string, string>>;
  /** Told after each cell. */
  readonly onCell?: (notebook: string, cell: number, of: number) => void;
  /** Told when a report is written. */
  readonly onReport?: (record: ReportRecord) => void;
}

/** One line of the runner. */
interface RunnerEvent {
  readonly event: "start" | "cell" | "done";
  readonly notebook: string;
  readonly of: number;
  readonly cell?: number;
  readonly seconds?: number;
  /** Of a notebook that is done: "" or why it did not run to its end. */
  readonly error?: string;
}

/**
 * Runs notebooks and writes their reports; a notebook that fails has its error in its report and stops none of the
 * others.
 *
 * @returns the records, in order
 * @throws {OptionError} the Python environment is not set up
 * @throws {DataError} the runner itself failed
 */
export async function runNotebooks(run: NotebookRun): Promise<readonly ReportRecord[]> {
  const python = path.join(run.root, ".venv", "bin", "python");
  if (!existsSync(python)) {
    throw new OptionError({
      file: ".venv",
      message: "was not there, and notebooks run on its Jupyter",
      fix: "run `npm run setup`",
    });
  }
  const commit = await currentCommit(run.root);
  const executed = mkdtempSync(path.join(tmpdir(), "tickbook-notebooks-"));
  const writer = await openReports(run.reports);
  const child = spawn(python, runnerArguments(run, executed), {
    cwd: run.root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    return await follow(child, run, { writer, executed, commit });
  } finally {
    child.kill();
    await writer.close();
    await rm(executed, { recursive: true, force: true });
  }
}

function runnerArguments({ root, files, parameters }: NotebookRun, out: string): string[] {
  const runner = path.join(root, "tools", "run_notebooks.py");
  return [runner, "--out", out, "--params", JSON.stringify(parameters), ...files];
}

async function follow(
  child: ChildProcess,
  run: NotebookRun,
  to: { readonly writer: ReportWriter; readonly executed: string; readonly commit: string },
): Promise<readonly ReportRecord[]> {
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said = `${said}${String(chunk)}`.slice(-4000);
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("close", () => resolve()).once("error", reject);
  });
  const { exchange } = run.parameters;
  const records: ReportRecord[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    const event = JSON.parse(line) as RunnerEvent;
    if (event.event === "cell") run.onCell?.(event.notebook, event.cell ?? 0, event.of);
    if (event.event !== "done") continue;
    const record = await to.writer.write({
      name: event.notebook,
      seconds: event.seconds ?? 0,
      finishedAt: new Date().toISOString(),
      commit: to.commit,
      parameters: { ...run.parameters, ...run.lasting },
      environment: run.environment,
      ...(run.notice === undefined ? {} : { notice: run.notice }),
      notebook: await readFile(path.join(to.executed, `${event.notebook}.ipynb`), "utf8"),
      ...(typeof exchange === "string" ? { exchange } : {}),
      ...(event.error ? { failure: event.error } : {}),
    });
    records.push(record);
    run.onReport?.(record);
  }
  await ended;
  if (records.length === run.files.length) return records;
  throw new DataError({
    message: `the notebook runner ended early (${said.trim().split("\n").pop() ?? "without a word"})`,
    fix: "run `npm run setup`, then try again",
  });
}

/** Short hash of the commit that runs, marked where files differ from it. */
async function currentCommit(root: string): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)("git", args, { cwd: root })).stdout.trim();
  try {
    const hash = await git("rev-parse", "--short=10", "HEAD");
    const changes = await git("status", "--porcelain", "--untracked-files=no");
    return changes === "" ? hash : `${hash} with changes`;
  } catch {
    // A copy without its history still runs.
    return "unknown";
  }
}
