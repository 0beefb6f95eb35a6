import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Html, html } from "../core/html.js";
import { SCHEME_SCRIPT } from "../core/scheme.js";
import type { Heading } from "./markdown.js";
import { pageScript } from "./page-script.js";
import { pageStyle } from "./page-style.js";
import { plotlyPath } from "./plotly-source.js";

/** The parts of a report or index page. */
export interface PageParts {
  readonly title: string;
  /** SIMULATED, REAL, or UNKNOWN where a run ended before it said. */
  readonly source: "SIMULATED" | "REAL" | "UNKNOWN";
  /** What makes every figure mean less than it seems to; the band says it too. */
  readonly caution?: string;
  /** What the band says beside the word. */
  readonly sourceNote: string;
  readonly header: Html;
  readonly contents: readonly Heading[];
  readonly main: Html;
  readonly footer: Html;
  /** Whether the page has figures, and so needs Plotly in it. */
  readonly hasFigures: boolean;
}

/**
 * A whole page in one file: nothing is loaded from elsewhere, and only the page's own scripts can run (a content policy
 * lists them by hash), whatever stands in the data.
 */
export function renderPage(parts: PageParts): string {
  const library = parts.hasFigures ? [scriptText(readFileSync(plotlyPath(), "utf8"))] : [];
  const scripts = [...library, pageScript()];
  const tags = scripts.map((text) => new Html(`<script>${text}</script>\n`));
  const noScripts =
    "<noscript><style>.figure .live{display:none}.figure .twin{display:block}</style></noscript>";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([SCHEME_SCRIPT, ...scripts])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${parts.source} · ${parts.caution === undefined ? "" : `${parts.caution} · `}${parts.title} · tickbook</title>
<link rel="icon" href="data:,">
<script>${new Html(SCHEME_SCRIPT)}</script>
<style>${new Html(pageStyle())}</style>
${new Html(noScripts)}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<div class="band ${parts.source.toLowerCase()}" role="note"><strong>${parts.source}</strong> ${parts.caution === undefined ? "" : html`<strong>${parts.caution}</strong> `}<span>${parts.sourceNote}</span></div>
<div class="shell${parts.contents.length > 0 ? " with-contents" : ""}">
<header class="top">${parts.header}</header>
${contentsList(parts.contents)}
<main id="main">
${parts.main}
</main>
<footer>${parts.footer}</footer>
</div>
${tags}</body>
</html>
`.text;
}

/** The button that switches between light and dark. */
export function schemeButton(): Html {
  return html`<button type="button" class="scheme" aria-label="Switch between light and dark">◐</button>`;
}

function contentsList(headings: readonly Heading[]): Html {
  const shown = headings.filter(({ level }) => level === 2 || level === 3);
  if (shown.length === 0) return html``;
  const items = shown.map(
    ({ id, level, text }) => html`<li class="level-${level}"><a href="#${id}">${text}</a></li>`,
  );
  return html`<nav class="contents" aria-label="Contents"><h2>Contents</h2><ol>${items}</ol></nav>`;
}

function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((text) => {
    return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
  });
  return [
    "default-src 'none'",
    `script-src ${hashes.join(" ")}`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** A script's text as it can stand inside a script element. */
function scriptText(text: string): string {
  return text.replace(/<\/script/gi, "<\\/script").replace(/<!--/g, "<\\!--");
}
