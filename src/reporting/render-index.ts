import { type Html, html } from "../core/html.js";
import { coinOf } from "../core/symbols.js";
import { type PageParts, schemeButton } from "./page.js";
import type { ReportRecord } from "./report-record.js";
import { verdictBadge } from "./verdict.js";

/** The page that links the reports, with verdict, time, data and commit of each. */
export function renderIndex(records: readonly ReportRecord[]): PageParts {
  const known = records.map(({ source }) => source).filter((source) => source !== "UNKNOWN");
  const sources = new Set(known);
  const [only] = sources;
  const source = sources.size === 1 && only !== undefined ? only : "UNKNOWN";
  const last =
    records
      .map(({ finishedAt }) => finishedAt)
      .sort()
      .at(-1) ?? "";
  const question = questionOf(records);
  const failed = records.filter(({ ok }) => !ok);
  const summary =
    failed.length === 0
      ? `All ${records.length} notebooks ran and their checks held.`
      : `${failed.length} of ${records.length} notebooks failed: ${failed.map(({ name }) => name).join(", ")}.`;
  return {
    title: `${question}?`,
    source,
    sourceNote: indexNote(source),
    header: html`<div class="crumbs"><span>tickbook</span>${schemeButton()}</div>
<h1>${question}, well enough to trade?</h1>
<div class="answer">${verdictBadge(conclusion(records).verdict)}<p>${conclusion(records).answer}</p></div>
<p>${summary}</p>`,
    contents: [],
    main: html`<ul class="cards">${records.map(card)}</ul>`,
    footer: html`<p>Last run ${last.slice(0, 16).replace("T", " ")} UTC. Each page is one file that works without a network.</p>`,
    hasFigures: false,
  };
}

/** The question of all notebooks, of the coins that they are about. */
function questionOf(records: readonly ReportRecord[]): string {
  const coins = [...new Set(records.flatMap(({ symbols }) => symbols.map(coinOf)))];
  const last = coins.at(-1);
  if (last === undefined) return "Do ticks and order books predict where prices go next";
  const names = coins.length === 1 ? last : `${coins.slice(0, -1).join(", ")} and ${last}`;
  return `Do ticks and order books predict where ${names} ${coins.length === 1 ? "goes" : "go"} next`;
}

/** The notebook that answers the whole question; those after it are of the runtime. */
const ANSWERING = "06-evaluation";

/** What it concluded, or else the last one before it that was run. */
function conclusion(records: readonly ReportRecord[]): Pick<ReportRecord, "verdict" | "answer"> {
  const last = records.filter(({ name }) => name <= ANSWERING).at(-1) ?? records.at(-1);
  return last ?? { verdict: "undecided", answer: "No notebook has been run." };
}

function card(record: ReportRecord): Html {
  const { name, title, verdict, answer, span, rows, commit, seconds, finishedAt } = record;
  const data = [record.exchange, record.symbols.join(", ")].filter((part) => part).join(" · ");
  const cell = record.error?.cell ?? 0;
  const place = cell === 0 ? "" : `#cell-${cell}`;
  const size = rows === null ? "" : ` · ${rows.toLocaleString("en-US")} rows`;
  return html`<li class="card"><div class="head"><span>${name}</span>${verdictBadge(verdict)}</div>
<h2><a href="${name}.html${place}">${title}</a></h2>
<p>${answer}</p>
<p class="meta">${data}${size}<br>${span ?? ""}<br>
${finishedAt.slice(0, 16).replace("T", " ")} UTC, ${seconds.toFixed(0)} s · commit ${commit}</p></li>
`;
}

function indexNote(source: PageParts["source"]): string {
  if (source === "SIMULATED") {
    return "made by the workbench's own market simulator; no figure here is about a real market";
  }
  return source === "REAL" ? "data from a real market" : "reports of different sources";
}
