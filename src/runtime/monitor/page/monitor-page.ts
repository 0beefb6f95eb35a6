import { createHash } from "node:crypto";
import { Html, html, scriptJson } from "../../../core/html.js";
import { SCHEME_SCRIPT } from "../../../core/scheme.js";
import type { EquityColumns, MonitorState } from "../monitor-state.js";
import { CONNECTION_TABLE, LATENCY_TABLE, TABLE_PARTS, tableBox, tablePart } from "./page-parts.js";
import { PAGE_SCRIPT } from "./page-script.js";
import { pageStyle } from "./page-style.js";

const STYLE = pageStyle();

/**
 * The content policy of the page and of every other answer: this page's own two scripts and its stylesheet, known by their
 * hashes, and the stream of the same server; nothing else loads or runs, and no text can be made markup.
 */
export function pagePolicy(): string {
  return [
    "default-src 'none'",
    `script-src ${hash(SCHEME_SCRIPT)} ${hash(PAGE_SCRIPT)}`,
    `style-src ${hash(STYLE)}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** The live page with a run's first state in it, so that it is whole when it is first painted. */
export function monitorPage(state: MonitorState, equity: EquityColumns): string {
  const source = state.isSimulated ? "SIMULATED" : "REAL";
  const mark = state.isUnpromoted ? " · UNPROMOTED" : "";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${source}${mark} · run ${state.run} · tickbook</title>
<link rel="icon" href="data:,">
<script>${new Html(SCHEME_SCRIPT)}</script>
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<div class="top-bands">
${band(state, `${source}${mark}`)}
<div id="lost" class="notice lost" role="alert" hidden><strong></strong><span></span></div>
<div id="alarm" class="notice alarm" role="alert" hidden><strong></strong><span></span></div>
<div id="warning" class="notice warning" role="status" hidden><strong></strong><span></span></div>
</div>
<div class="shell">
${header(state)}
<main id="main" class="parts" tabindex="-1">
${tiles()}
${equityPart()}
${tablePart(TABLE_PARTS.feeds, state.feed === "stream" ? CONNECTION_TABLE : undefined)}
${tablePart(TABLE_PARTS.journal)}
${tablePart(TABLE_PARTS.positions)}
${tablePart(TABLE_PARTS.risks)}
${tablePart(TABLE_PARTS.signals)}
${tablePart(TABLE_PARTS.orders)}
${latencyPart()}
${tablePart(TABLE_PARTS.log)}
</main>
<footer>Read-only. The same as data: <a href="/api/state">/api/state</a>, <a href="/health">/health</a>,
<a href="/metrics">/metrics</a>. <code>npx tickbook halt</code>, with this run's <code>--data</code>,
closes everything and blocks entries.
<noscript>This page needs scripts to follow the run.</noscript></footer>
</div>
<script type="application/json" id="first">${new Html(scriptJson({ state, equity }))}</script>
<script>${new Html(PAGE_SCRIPT)}</script>
</body>
</html>
`.text;
}

function band({ isSimulated, isUnpromoted, mode }: MonitorState, title: string): Html {
  const note = isSimulated ? "a simulated market" : "a real market";
  const orders = mode === "paper" ? "paper orders" : "no orders, decisions only";
  const mark = isUnpromoted
    ? html`<strong class="mark">UNPROMOTED</strong><span>a rehearsal: no gate has let this model pass</span>`
    : html``;
  return html`<div id="band" class="band ${isSimulated ? "simulated" : "real"}" role="note" data-title="${title}">
<strong>${isSimulated ? "SIMULATED" : "REAL"}</strong><span>${note}, ${orders}</span>${mark}</div>`;
}

function header(state: MonitorState): Html {
  const facts: readonly (readonly [string, string, string])[] = [
    ["mode", "", state.mode],
    ["feed", "", `${state.feed}, ${state.exchange}`],
    ["symbols", "", state.symbols.join(", ")],
    ["model", "", state.models.join(", ")],
    ["market time (UTC)", "market", ""],
    ["machine (UTC)", "wall", ""],
    ["speed", "speed", ""],
    ["events a second", "pace", ""],
    ["events", "events", ""],
    ["memory", "memory", ""],
    ["up for", "up", ""],
    ["run is", "phase", ""],
  ];
  const items = facts.map(([name, id, text]) => {
    const place = id === "" ? html`` : html` id="fact-${id}"`;
    return html`<div><dt>${name}</dt><dd${place}>${text}</dd></div>`;
  });
  return html`<header>
<div class="crumbs"><span>tickbook · live</span><span class="buttons">
<button type="button" id="pause" aria-pressed="false">❚❚ Pause</button>
<button type="button" id="scheme" aria-label="Switch between light and dark">◐</button></span></div>
<h1>Is run ${state.run} within its limits?</h1>
<div class="answer"><span id="badge" class="badge"><span class="shape" aria-hidden="true">◆</span> <span class="word">starting</span></span><p id="answer"></p></div>
<dl class="facts">${items}</dl>
</header>`;
}

function tiles(): Html {
  const names: readonly (readonly [string, string])[] = [
    ["equity", "Equity (USD)"],
    ["balance", "Balance (USD)"],
    ["daily", "Above daily floor (USD)"],
    ["maximum", "Above maximum floor (USD)"],
    ["target", "To target (USD)"],
    ["exposure", "Exposure (USD)"],
  ];
  const items = names.map(([id, name]) => {
    return html`<div><dt>${name}</dt><dd><span id="tile-${id}">–</span><small id="note-${id}"></small></dd></div>`;
  });
  return html`<dl class="tiles" aria-label="Account">${items}</dl>`;
}

function equityPart(): Html {
  return html`<section class="part" aria-labelledby="equity-title"><figure>
<h2 id="equity-title">Equity</h2>
<p class="note"><span>equity against both floors and the target, USD; fall from the highest so far below, %; market time, UTC</span><span class="n" id="equity-n"></span></p>
<div class="plot" id="equity-plot" role="img" aria-labelledby="equity-alt"></div>
<figcaption id="equity-alt"></figcaption></figure></section>`;
}

function latencyPart(): Html {
  return html`<section class="part third" aria-labelledby="latency-title"><figure>
<h2 id="latency-title">Latency</h2>
<p class="note">share done within a time, log scale</p>
<div class="plot" id="latency-plot" role="img" aria-labelledby="latency-alt"></div>
<figcaption id="latency-alt"></figcaption></figure>
${tableBox(LATENCY_TABLE)}</section>`;
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}
