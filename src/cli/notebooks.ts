import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pc from "picocolors";
import { OptionError } from "../core/errors.js";
import { PROJECT_ROOT } from "../core/settings-file.js";
import { parseNotebook } from "../reporting/notebook-file.js";
import type { ReportRecord } from "../reporting/report-record.js";
import { runNotebooks } from "../reporting/run-notebooks.js";
import { verdictShape } from "../reporting/verdict.js";
import { type AddCommand, action, type CommandContext } from "./command.js";
import { deviceOption } from "./device-option.js";
import { reportEnvironment } from "./environment.js";
import { rememberedParameters, requireMirror } from "./remembered-parameters.js";

interface NotebookOptions {
  readonly params: string;
  readonly reports: string;
}

/** `tickbook notebooks [NAMES...]`: runs notebooks and writes their reports; exit 1 when a cell failed. */
export const notebooksCommand: AddCommand = (program) => {
  program
    .command("notebooks")
    .description("run notebooks on the kernel and write their HTML reports")
    .argument("[names...]", "numbers or names, for example 02 03-features or 02,03 (all)")
    .option("--params <json>", "values for the notebooks' parameters", "{}")
    .addOption(deviceOption())
    .option("--reports <dir>", "where reports go", path.join(PROJECT_ROOT, "reports"))
    .action(
      action<NotebookOptions>(async (names, { params, reports }, context) => {
        const files = chosenNotebooks(names.join(","));
        const given = parseParameters(params, files);
        const chosen = files.map((file) => path.basename(file, ".ipynb"));
        const dataDir = path.resolve(context.dataDir);
        const parameters = { ...rememberedParameters(chosen, reports, dataDir), ...given };
        if (chosen.includes("01-ingest")) requireMirror(parameters["source"], dataDir);
        const records = await runAndTell(files, { parameters, reports }, context);
        const notebooks = records.map(({ name, ok, seconds }) => {
          return { name, ok, seconds, html: path.join(reports, `${name}.html`) };
        });
        return { json: { notebooks }, exitCode: records.every(({ ok }) => ok) ? 0 : 1 };
      }),
    );
};

/**
 * Runs notebooks and tells how far each is and what it found.
 *
 * @param files - notebooks in order
 * @returns their records
 */
export async function runAndTell(
  files: readonly string[],
  {
    parameters,
    lasting = {},
    reports,
  }: {
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly lasting?: Readonly<Record<string, unknown>>;
    readonly reports: string;
  },
  context: CommandContext,
): Promise<readonly ReportRecord[]> {
  const records = await runNotebooks({
    root: PROJECT_ROOT,
    files,
    parameters,
    lasting,
    reports: path.resolve(reports),
    ...(await reportEnvironment()),
    onCell: (notebook, cell, of) => context.progress(cell, of, `cells of ${notebook}`),
    onReport: (record) => context.say(describe(record)),
  });
  context.say(`reports: ${path.join(path.resolve(reports), "index.html")}`);
  return records;
}

/**
 * The notebooks that names stand for, in their order in the pipeline. Those on another kernel than TypeScript's, as 00-colab
 * is, set machines up by hand and are none of them.
 *
 * @param names - numbers or names, comma-separated; empty for all
 * @throws {OptionError} a name is no notebook, or one on another kernel
 */
export function chosenNotebooks(names: string): readonly string[] {
  const folder = path.join(PROJECT_ROOT, "notebooks");
  const files = readdirSync(folder).filter((file) => file.endsWith(".ipynb"));
  const all = files.filter((file) => languageOf(path.join(folder, file)) === "typescript").sort();
  const wanted = names
    .split(",")
    .map((name) => name.trim().replace(/\.ipynb$/, ""))
    .filter((name) => name !== "");
  for (const name of wanted) {
    if (all.some((file) => isCalled(file, name))) continue;
    const other = files.find((file) => isCalled(file, name));
    if (other !== undefined) throw onAnotherKernel(name, path.join(folder, other));
    throw new OptionError({
      column: "NAMES",
      message: `held "${name}", which is no notebook`,
      fix: `use some of ${all.map((file) => path.basename(file, ".ipynb")).join(", ")}`,
    });
  }
  const chosen =
    wanted.length === 0 ? all : all.filter((file) => wanted.some((name) => isCalled(file, name)));
  return chosen.map((file) => path.join(folder, file));
}

function languageOf(file: string): string {
  return parseNotebook(readFileSync(file, "utf8"), path.basename(file)).language;
}

function onAnotherKernel(name: string, file: string): OptionError {
  return new OptionError({
    column: "NAMES",
    message: `held "${name}", whose cells are ${languageOf(file)}, which the TypeScript kernel does not run`,
    fix: `open notebooks/${path.basename(file)} in JupyterLab, VS Code or Colab`,
  });
}

function isCalled(file: string, name: string): boolean {
  return file === `${name}.ipynb` || (/^\d\d$/.test(name) && file.startsWith(`${name}-`));
}

/** Values by name; each name must be a parameter of one of the notebooks. */
function parseParameters(json: string, files: readonly string[]): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new OptionError({
      column: "--params",
      message: `was ${JSON.stringify(json)}, expected a JSON object`,
      fix: 'write for example \'{"symbols":"BTC"}\'',
    });
  }
  const declared = new Set(files.flatMap(declaredNames));
  const unknown = Object.keys(value).find((name) => !declared.has(name));
  if (unknown === undefined) return value as Record<string, unknown>;
  throw new OptionError({
    column: "--params",
    message: `named "${unknown}", which is no parameter of these notebooks`,
    fix: `use some of ${[...declared].join(", ")}`,
  });
}

/** Names that the `let`s of a notebook's code declare; several may share a line. */
function declaredNames(file: string): readonly string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:"|; )let (\w+): /g)].map(([, name]) => name!);
}

function describe({ name, ok, verdict, answer, seconds }: ReportRecord): string {
  const shape = verdictShape(verdict);
  const colour =
    !ok || verdict === "bad"
      ? pc.red
      : verdict === "pass" || verdict === "good"
        ? pc.green
        : pc.yellow;
  return `${colour(shape)} ${name.padEnd(19)} ${verdict.padEnd(9)} ${answer} ${pc.dim(`${seconds.toFixed(1)} s`)}`;
}
