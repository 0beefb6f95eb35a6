import { readFileSync } from "node:fs";
import { html, scriptJson } from "../core/html.js";
import { isShortfall, type Shortfall, shortfallText } from "../core/shortfall.js";
import { FACTS_MIME, type ReportFacts } from "./facts.js";
import type { Figure } from "./figure.js";
import { shortfallFigure } from "./figures/shortfall.js";
import { plotlyPath } from "./plotly-source.js";
import { renderTable, type Table, tableText } from "./table.js";

/** Mime types under which results travel from a cell to its report. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";
export const TABLE_MIME = "application/vnd.tickbook.table+json";
export const NOTE_MIME = "application/vnd.tickbook.note+json";

/** An output that later ones with the same id replace in place. */
export interface DisplayPlace {
  readonly displayId: string;
  /** False for the first output of an id. */
  readonly isUpdate: boolean;
}

/** Set by the kernel's launcher: sends one bundle of mime types to the notebook. */
type Display = (
  data: Record<string, unknown>,
  metadata: Record<string, unknown>,
  place?: DisplayPlace,
) => void;

let hasSentPlotly = false;
const drawnShortfalls: Set<string> = new Set();
/** The note that was shown last, as long as nothing else came after it. */
let lastNote = "";

/**
 * Shows a figure of a result; a result that is short of data is said instead.
 *
 * @param result - what is drawn, or what was missing for it
 * @param draw - the figure of it
 * @example show(baseline, reliabilityFigure)
 */
export function show<Result>(result: Result | Shortfall, draw: (result: Result) => Figure): void {
  if (isShortfall(result)) showShortfall(result);
  else showFigure(draw(result));
}

/** Shows one figure for each of several results. */
export function showEach<Result>(
  results: readonly Result[],
  draw: (result: Result) => Figure,
): void {
  for (const result of results) showFigure(draw(result));
}

/** Shows a table of a result; a result that is short of data is said instead. */
export function showTable<Result>(
  result: Result | Shortfall,
  tabulate: (result: Result) => Table,
): void {
  if (isShortfall(result)) {
    showNote(shortfallText(result));
    return;
  }
  const table = tabulate(result);
  emit({
    [TABLE_MIME]: table,
    "text/html": renderTable(table).text,
    "text/plain": `${table.caption}\n${tableText(table)}`,
  });
}

/** Says in words what was seen in a result; a result that is short of data is said instead. */
export function say<Result>(result: Result | Shortfall, words: (result: Result) => string): void {
  if (isShortfall(result)) showNote(shortfallText(result));
  else showMarkdown(words(result));
}

/** Shows Markdown. Text from data in it is shown as it is: HTML inside is not run. */
export function showMarkdown(text: string): void {
  emit({ "text/markdown": text, "text/plain": text });
}

/** Says something about the whole report: where its data is from, its answer and verdict. */
export function showFacts(facts: ReportFacts): void {
  const words = facts.answer ?? "";
  const verdict = facts.verdict === undefined ? "" : `**${facts.verdict}** · `;
  const text = words === "" ? {} : { "text/markdown": verdict + words, "text/plain": words };
  emit({ "text/plain": "", ...text, [FACTS_MIME]: facts });
}

/** Sends a bundle of mime types; outside a notebook its plain text is printed. */
export function emit(data: Record<string, unknown>, place?: DisplayPlace): void {
  lastNote = "";
  const display = (globalThis as { tickbookDisplay?: Display }).tickbookDisplay;
  if (display !== undefined) display(data, {}, place);
  else process.stdout.write(`${String(data["text/plain"] ?? "")}\n`);
}

/** What is missing: drawn the first time, said in words from then on. */
function showShortfall(missing: Shortfall): void {
  const text = shortfallText(missing);
  if (!drawnShortfalls.has(text)) showFigure(shortfallFigure(missing));
  else showNote(text);
  drawnShortfalls.add(text);
}

/** Shows a note, but not twice in a row where words and a table lack the same data. */
function showNote(text: string): void {
  if (text === lastNote) return;
  emit({ [NOTE_MIME]: { text }, "text/markdown": `*${text}*`, "text/plain": text });
  lastNote = text;
}

function showFigure(figure: Figure): void {
  const { title, subtitle, alt, n, data, layout } = figure;
  const bundle = {
    [PLOTLY_MIME]: { data, layout: { ...layout, meta: { title, subtitle, alt, n } } },
    "text/plain": `${title}\n${subtitle}; n = ${n}\n${alt}`,
  };
  // The report is drawn from the specification; only people who look at the notebook need it as HTML.
  if (process.env["TICKBOOK_HEADLESS"] === "1") emit(bundle);
  else emit({ ...bundle, "text/html": liveHtml(figure) });
}

/**
 * A figure for people at a notebook: the first one brings Plotly with it, the others wait for it. Where each output is a page
 * of its own, as on Colab, every one brings it.
 */
function liveHtml({ title, subtitle, alt, n, data, layout }: Figure): string {
  const id = `tickbook-${Math.random().toString(36).slice(2)}`;
  const isApart = process.env["TICKBOOK_OUTPUTS"] === "apart";
  const library =
    hasSentPlotly && !isApart ? "" : `<script>${readFileSync(plotlyPath(), "utf8")}</script>`;
  hasSentPlotly = true;
  const words = html`<div><strong>${title}</strong><br><small>${subtitle}; n = ${n}</small></div>
<div id="${id}" role="img" aria-label="${alt}"></div><small>${alt}</small>`;
  const draw = `(function draw(tries) {
  if (window.Plotly) {
    const spec = ${scriptJson({ data, layout })};
    window.Plotly.newPlot("${id}", spec.data, spec.layout, { responsive: true, displaylogo: false });
  } else if (tries > 0) setTimeout(draw, 100, tries - 1);
  else document.getElementById("${id}").textContent = "Run the notebook from its first cell to see this figure.";
})(100);`;
  return `${library}${words.text}<script>${draw}</script>`;
}
