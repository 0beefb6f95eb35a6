import { Html, html, scriptJson } from "../core/html.js";
import { mergeFacts, type ReportFacts, sourceWord } from "./facts.js";
import { type Heading, renderMarkdown } from "./markdown.js";
import type { Notebook, NotebookCell, Output } from "./notebook-file.js";
import { type CellError, cellErrors, notebookChecks, notebookFacts } from "./notebook-results.js";
import type { PageParts } from "./page.js";
import { schemeButton } from "./page.js";
import { renderReportFooter } from "./render-footer.js";
import { type PlacedFigure, renderOutput } from "./render-output.js";
import { dataSpan, type ReportRecord, type RunFacts, recordOf } from "./report-record.js";
import { verdictBadge } from "./verdict.js";

/** A report before its figures' static twins are drawn. */
export interface RenderedNotebook {
  readonly page: PageParts;
  readonly figures: readonly PlacedFigure[];
  readonly record: ReportRecord;
}

/**
 * A notebook that was run as the parts of a report page, and the record of its checks.
 *
 * @param notebook - with outputs; where a cell failed, the report says so at its top
 * @param run - what the notebook itself cannot know: name, time, commit, environment
 */
export function renderNotebook(notebook: Notebook, run: RunFacts): RenderedNotebook {
  const facts = mergeFacts([exchangeOf(run), notebookFacts(notebook)]);
  const errors = cellErrors(notebook);
  const taken = new Set<string>(["main"]);
  const headings: Heading[] = [];
  const figures: PlacedFigure[] = [];
  let title = run.name;
  const cells = notebook.cells.map((cell, index) => {
    if (cell.cell_type !== "markdown") return renderCode(cell, index, figures);
    const heading = /^# +(.+)$/m.exec(cell.source);
    if (heading !== null) title = heading[1]!;
    const part = renderMarkdown(cell.source.replace(/^# +.+$/m, ""), taken);
    headings.push(...part.headings);
    return html`<div class="prose">${part.html}</div>
`;
  });
  const record = recordOf(notebookChecks(notebook), { title, facts, errors, run });
  const data = figures.map(figureData);
  return {
    record,
    figures,
    page: {
      title,
      source: record.source,
      ...(facts.caution === undefined ? {} : { caution: facts.caution }),
      sourceNote: sourceNote(facts, run.name),
      header: reportHeader(record, facts, run.notice),
      contents: headings,
      main: html`${errors.map(errorPanel)}${cells}${data}`,
      footer: renderReportFooter(facts, run),
      hasFigures: figures.length > 0,
    },
  };
}

function exchangeOf({ exchange }: RunFacts): ReportFacts {
  return exchange === undefined ? {} : { exchange };
}

function renderCode(cell: NotebookCell, index: number, figures: PlacedFigure[]): Html {
  const outputs = joinStreams(cell.outputs).map((output) => renderOutput(output, figures));
  const firstLine = cell.source.trim().split("\n")[0] ?? "";
  const code =
    firstLine === ""
      ? ""
      : html`<details class="code"><summary>Code · <code>${firstLine}</code></summary><pre>${cell.source}</pre></details>`;
  return html`<section class="cell" id="cell-${index + 1}">
${code}
${outputs}</section>
`;
}

/** Printed pieces that follow each other as one. */
function joinStreams(outputs: NotebookCell["outputs"]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined[joined.length - 1];
    const isMore = output.output_type === "stream" && last?.output_type === "stream";
    if (isMore) joined[joined.length - 1] = { ...output, text: last.text + output.text };
    else joined.push(output);
  }
  return joined;
}

function errorPanel({ cell, text }: CellError): Html {
  return html`<div class="error" role="alert"><p><strong>■ Cell ${cell} failed.</strong> ${text}</p>
<p><a href="#cell-${cell}">Go to the place</a>; the cells after it were not run.</p></div>
`;
}

function reportHeader(record: ReportRecord, facts: ReportFacts, notice?: string): Html {
  const entries: readonly (readonly [string, string | undefined])[] = [
    ["Data", dataWords(facts)],
    ["Span (UTC)", dataSpan(facts)],
    ["Rows", facts.rows?.toLocaleString("en-US")],
    ["Commit", record.commit],
    [
      "Run",
      `${record.finishedAt.slice(0, 16).replace("T", " ")} UTC, ${record.seconds.toFixed(0)} s`,
    ],
  ];
  const list = entries
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return html`<div class="crumbs"><span><a href="index.html">All reports</a> / ${record.name}</span>${schemeButton()}</div>
<h1>${record.title}</h1>
<div class="answer">${verdictBadge(record.verdict)}<p>${record.answer}</p></div>
<dl class="facts">${list}</dl>
${notice === undefined ? "" : html`<p class="note">${notice}</p>`}`;
}

function dataWords({ exchange, symbols }: ReportFacts): string | undefined {
  return exchange === undefined ? undefined : `${exchange} · ${(symbols ?? []).join(", ")}`;
}

function sourceNote(facts: ReportFacts, name: string): string {
  if (sourceWord(facts) === "SIMULATED") {
    return `made by the workbench's own market simulator; no figure here is about a real market · ${name}`;
  }
  return sourceWord(facts) === "REAL" ? `data from ${facts.exchange} · ${name}` : name;
}

function figureData({ id, figure: { data, layout } }: PlacedFigure): Html {
  const spec = new Html(scriptJson({ data, layout: { ...layout, meta: undefined } }));
  return html`<script type="application/json" id="${id}-data">${spec}</script>
`;
}
