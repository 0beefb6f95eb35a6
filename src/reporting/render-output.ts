import { type Html, html } from "../core/html.js";
import { NOTE_MIME, PLOTLY_MIME, TABLE_MIME } from "./display.js";
import { FACTS_MIME } from "./facts.js";
import type { Figure, Layout, Trace } from "./figure.js";
import { renderMarkdown } from "./markdown.js";
import { bundleText, type Output } from "./notebook-file.js";
import { renderTable, type Table } from "./table.js";
import { CHECKS_MIME, type CheckRecord, checkTable } from "./validate.js";

/** A figure with its place in the page. */
export interface PlacedFigure {
  readonly id: string;
  readonly figure: Figure;
}

/**
 * One output of a cell as HTML. HTML that a cell made itself is never taken over: figures, tables and checks are drawn
 * anew from what they hold, everything else is shown as text.
 *
 * @param figures - a figure in the output is added here, to be drawn by the page
 */
export function renderOutput(output: Output, figures: PlacedFigure[]): Html {
  if (output.output_type === "stream") return streamText(output.text);
  if (output.output_type === "error") {
    const trace = stripAnsi(output.traceback.join("\n"));
    return html`<div class="error"><p><strong>${output.ename}</strong>: ${output.evalue}</p>
<details><summary>Where it was thrown</summary><pre>${trace}</pre></details></div>`;
  }
  return renderBundle(output.data, figures);
}

/** A figure as the page shows it: words, the place where it is drawn, and its static twin. */
function renderFigure({ id, figure }: PlacedFigure): Html {
  const twin = html`<img class="twin" alt="${figure.alt}" src="${twinMark(id)}">`;
  return html`<figure class="figure" id="${id}">
<p class="figure-title">${figure.title}</p>
<p class="figure-subtitle"><span>${figure.subtitle}</span> <span class="n">n = ${figure.n}</span></p>
<div class="live" id="${id}-live" role="img" aria-label="${figure.alt}" data-height="${figureHeight(figure)}"></div>
${twin}<figcaption>${figure.alt}</figcaption>
</figure>
`;
}

/** Stands in the page where a figure's static twin goes once it is drawn. */
export function twinMark(id: string): string {
  return `twin:${id}`;
}

/** Height of a figure in pixels. */
export function figureHeight({ layout }: Figure): number {
  return typeof layout["height"] === "number" ? layout["height"] : 380;
}

/** Text without the terminal's colour codes. */
export function stripAnsi(text: string): string {
  const escapeCode = String.fromCharCode(27);
  return text.replaceAll(new RegExp(`${escapeCode}\\[[0-9;]*[A-Za-z]`, "g"), "");
}

function renderBundle(data: Readonly<Record<string, unknown>>, figures: PlacedFigure[]): Html {
  const plotly = data[PLOTLY_MIME];
  if (isSpec(plotly)) {
    const placed = { id: `figure-${figures.length + 1}`, figure: figureOf(plotly) };
    figures.push(placed);
    return renderFigure(placed);
  }
  const table = data[TABLE_MIME];
  if (isTable(table)) return renderTable(table);
  const checks = data[CHECKS_MIME];
  if (Array.isArray(checks)) return renderTable(checkTable(checks as CheckRecord[]));
  const note = data[NOTE_MIME];
  if (typeof note === "object" && note !== null) {
    return html`<p class="note"><span aria-hidden="true">◆</span> ${String((note as { text?: unknown }).text)}</p>`;
  }
  // The header shows these words already.
  if (FACTS_MIME in data) return html``;
  const markdown = bundleText(data, "text/markdown");
  if (markdown !== "") return html`<div class="finding">${renderMarkdown(markdown).html}</div>`;
  const text = bundleText(data, "text/plain") || bundleText(data, "text/html");
  return text.trim() === "" ? html`` : streamText(text);
}

function streamText(text: string): Html {
  return html`<pre class="stream">${stripAnsi(text).trimEnd()}</pre>`;
}

interface PlotlySpec {
  readonly data: readonly Trace[];
  readonly layout: Layout;
}

function isSpec(value: unknown): value is PlotlySpec {
  const spec = value as Partial<PlotlySpec> | undefined | null;
  return Array.isArray(spec?.data) && typeof spec?.layout === "object" && spec.layout !== null;
}

function isTable(value: unknown): value is Table {
  const table = value as Partial<Table> | undefined | null;
  return Array.isArray(table?.columns) && Array.isArray(table?.rows);
}

function figureOf({ data, layout }: PlotlySpec): Figure {
  const meta = (layout["meta"] ?? {}) as Readonly<Record<string, unknown>>;
  const words = (name: string): string => String(meta[name] ?? "");
  const [title, subtitle, alt, n] = ["title", "subtitle", "alt", "n"].map(words) as [
    string,
    string,
    string,
    string,
  ];
  return { title, subtitle, alt, n, data, layout };
}
