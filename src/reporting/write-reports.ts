import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Browser } from "playwright-core";
import { makeFolder } from "../core/folder.js";
import { launchBrowser } from "./browser.js";
import { parseNotebook } from "./notebook-file.js";
import { renderPage } from "./page.js";
import { renderIndex } from "./render-index.js";
import { renderNotebook } from "./render-notebook.js";
import { twinMark } from "./render-output.js";
import type { ReportRecord, RunFacts } from "./report-record.js";
import { drawTwins } from "./static-twins.js";

/** A notebook after its run. */
export interface ExecutedNotebook extends RunFacts {
  /** Text of the .ipynb with outputs. */
  readonly notebook: string;
}

/** Writes reports one by one, as the notebooks end. */
export interface ReportWriter {
  /**
   * Writes `{name}.html` and `{name}.json`, and the index over all records in the folder. The record of the run before
   * goes to `runs/`.
   *
   * @throws {DataError} the notebook cannot be read
   */
  readonly write: (run: ExecutedNotebook) => Promise<ReportRecord>;
  /** Ends the browser that draws static twins. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a folder for reports.
 *
 * @param folder - made when it is not there
 * @throws {OptionError} the folder cannot be written to
 * @throws {DataError} no Chromium can be started
 */
export async function openReports(folder: string): Promise<ReportWriter> {
  makeFolder(folder, "reports");
  const browser = await launchBrowser();
  return {
    write: async (run) => {
      const record = await writeReport(run, folder, browser);
      await writeIndex(folder);
      return record;
    },
    close: () => browser.close(),
  };
}

async function writeReport(
  run: ExecutedNotebook,
  folder: string,
  browser: Browser,
): Promise<ReportRecord> {
  const { notebook, ...facts } = run;
  const { page, figures, record } = renderNotebook(parseNotebook(notebook, run.name), facts);
  const twins = await drawTwins(
    browser,
    figures.map(({ figure }) => figure),
  );
  let text = renderPage(page);
  for (const [i, { id }] of figures.entries()) {
    text = text.replace(`src="${twinMark(id)}"`, `src="${twins[i] ?? ""}"`);
  }
  await keepOlder(folder, run.name);
  await writeWhole(path.join(folder, `${run.name}.html`), text);
  await writeWhole(path.join(folder, `${run.name}.json`), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

async function writeIndex(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^\d\d-.*\.json$/.test(name)).sort();
  const records: ReportRecord[] = [];
  for (const name of names) {
    records.push(JSON.parse(await readFile(path.join(folder, name), "utf8")) as ReportRecord);
  }
  await writeWhole(path.join(folder, "index.html"), renderPage(renderIndex(records)));
}

/** Moves the record of the run before to `runs/{when it ended}/`. */
async function keepOlder(folder: string, name: string): Promise<void> {
  const file = path.join(folder, `${name}.json`);
  const older = await readFile(file, "utf8").catch(() => undefined);
  if (older === undefined) return;
  const { finishedAt } = JSON.parse(older) as Partial<ReportRecord>;
  const runs = path.join(folder, "runs", String(finishedAt).replace(/[^\dTZ]/g, "-"));
  await mkdir(runs, { recursive: true });
  await rename(file, path.join(runs, `${name}.json`));
}

/** Writes a file beside its final name first, so that a reader never sees half of it. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
}
