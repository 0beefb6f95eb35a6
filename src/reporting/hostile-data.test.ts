import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditedType } from "../store/audited-types.js";
import { doubtfulHoursTable, verdictTable } from "./audit-hours.js";
import { auditAnswer, symbolHours } from "./audit-report.js";
import { launchBrowser } from "./browser.js";
import { PLOTLY_MIME, TABLE_MIME } from "./display.js";
import { FACTS_MIME } from "./facts.js";
import { auditCalendarFigure } from "./figures/audit-calendar.js";
import { findingTicksFigure } from "./figures/finding-ticks.js";
import { findingTimelineFigure } from "./figures/finding-timeline.js";
import { findingTimeline } from "./finding-timeline.js";
import { findingsTable } from "./findings-table.js";
import { sampleAudit, sampleFinding, sampleHour, samplePicture } from "./test-audit-samples.js";
import { CHECKS_MIME } from "./validate.js";
import { openReports } from "./write-reports.js";

const CALL = "window.boom=1";

/** Ways in which text from data has become a script elsewhere. */
const PAYLOADS = [
  `<script>${CALL}</script>`,
  `</script><script>${CALL}</script>`,
  `</style><script>${CALL}</script>`,
  `</title><script>${CALL}</script>`,
  `</textarea><script>${CALL}</script>`,
  `--><script>${CALL}</script>`,
  `]]><script>${CALL}</script>`,
  `<img src=x onerror="${CALL}">`,
  `<img src=x onerror=${CALL}//`,
  `"><img src=x onerror=${CALL}>`,
  `'><img src=x onerror=${CALL}>`,
  `" onmouseover="${CALL}" autofocus onfocus="${CALL}`,
  `<svg onload=${CALL}>`,
  `<svg><script>${CALL}</script></svg>`,
  `<svg><animate onbegin=${CALL} attributeName=x dur=1s>`,
  `<math><mtext></mtext><script>${CALL}</script></math>`,
  `<body onload=${CALL}>`,
  `<iframe srcdoc="<script>parent.boom=1</script>"></iframe>`,
  `<iframe src="javascript:parent.boom=1"></iframe>`,
  `<object data="javascript:${CALL}">`,
  `<embed src="javascript:${CALL}">`,
  `<details open ontoggle=${CALL}>`,
  `<input autofocus onfocus=${CALL}>`,
  `<video><source onerror=${CALL}></video>`,
  `<a href="javascript:${CALL}">x</a>`,
  `[x](javascript:${CALL})`,
  `[x](JaVaScRiPt:${CALL})`,
  `[x](data:text/html,<script>${CALL}</script>)`,
  `![x](x" onerror="${CALL})`,
  `<javascript:${CALL}>`,
  `<meta http-equiv=refresh content="0;url=javascript:${CALL}">`,
  `<base href="javascript:${CALL}//">`,
  `<link rel=stylesheet href="javascript:${CALL}">`,
  `<style>@import 'javascript:${CALL}'</style>`,
  `<template><script>${CALL}</script></template>`,
  `\u2028${CALL}//`,
  `\\u003cscript>${CALL}</script>`,
  "$&$`$'$1",
  `{{constructor.constructor('${CALL}')()}}`,
  `\${${CALL}}`,
];

let folder = "";
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-hostile-"));
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("no text of a notebook is ever run, and figures with it still draw", async () => {
  const writer = await openReports(folder);
  const record = await writer.write({
    name: "01-hostile",
    seconds: 1,
    finishedAt: "2024-03-01T00:00:00.000Z",
    commit: PAYLOADS[0]!,
    environment: Object.fromEntries(PAYLOADS.map((text) => [text, text])),
    notebook: JSON.stringify({
      nbformat: 4,
      cells: [...PAYLOADS.flatMap(cellsOf), auditCell(PAYLOADS)],
    }),
  });
  await writer.close();
  expect(record.checks.length).toBe(PAYLOADS.length);
  for (const name of ["01-hostile", "index"]) {
    const context = await browser.newContext({ offline: true });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("dialog", (dialog) => void dialog.dismiss());
    await page.goto(pathToFileURL(path.join(folder, `${name}.html`)).href);
    await page.waitForFunction("document.documentElement.dataset.drawn === 'true'");
    // What waits for a reader's move gets it.
    await page.mouse.move(300, 300);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("typeof window.boom")).toBe("undefined");
    expect(asked.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
    const plots = await page.locator(".js-plotly-plot .main-svg").count();
    if (name === "01-hostile") expect(plots).toBeGreaterThanOrEqual(PAYLOADS.length + 10);
    await context.close();
  }
}, 120_000);

/** The figures and tables of an audit, as a notebook shows them, wherever texts from data can stand in them. */
function auditCell(texts: readonly string[]): object {
  const findings = texts.map((text) => {
    const names = { symbol: text, date: text, detail: text };
    return sampleFinding("regime-break", { ...names, type: text as AuditedType });
  });
  const hours = texts.map((text) => {
    return sampleHour(0, { symbol: text, verdict: "bad", reasons: [text, text] });
  });
  const result = { ...sampleAudit(), symbols: texts, findings, hours };
  const figures = [
    ...findings.slice(0, 8).map((finding, i) => {
      const text = texts[i]!;
      return findingTicksFigure({ ...samplePicture(finding), what: text, n: text });
    }),
    findingTimelineFigure(findingTimeline(result)),
    auditCalendarFigure(symbolHours(result)),
  ];
  const tables = [findingsTable(result), doubtfulHoursTable(result), verdictTable(result)];
  const bundles = [
    ...figures.map(({ data, layout, ...meta }) => ({
      [PLOTLY_MIME]: { data, layout: { ...layout, meta } },
    })),
    ...tables.map((table) => ({ [TABLE_MIME]: table })),
    { [FACTS_MIME]: auditAnswer(result) },
  ];
  const outputs = bundles.map((data) => ({ output_type: "display_data", data }));
  return { cell_type: "code", metadata: {}, source: "audit", outputs };
}

function cellsOf(text: string): readonly object[] {
  const meta = { title: text, subtitle: text, alt: text, n: text };
  const layout = { meta, title: { text }, xaxis: { title: { text } }, annotations: [{ text }] };
  const trace = { x: [text, "b"], y: [1, 2], name: text, text: [text, text], hovertext: text };
  const outputs = [
    { output_type: "stream", name: "stdout", text },
    ...[
      { "text/html": text },
      { "text/markdown": text },
      { [PLOTLY_MIME]: { data: [{ ...trace, mode: "lines+text" }], layout } },
      { [TABLE_MIME]: { caption: text, columns: [{ name: text, unit: text }], rows: [[text]] } },
      { [CHECKS_MIME]: [{ name: text, value: 1, rule: text, verdict: text }] },
      { [FACTS_MIME]: { exchange: text, symbols: [text], answer: text, seeds: { [text]: 1 } } },
      { [FACTS_MIME]: { manifests: [{ path: text, sha256: text }], tensorflow: text } },
    ].map((data) => ({ output_type: "display_data", data })),
  ];
  return [
    { cell_type: "markdown", metadata: {}, source: `# ${text}\n\n${text}\n\n## ${text}` },
    { cell_type: "code", metadata: {}, source: text, outputs },
  ];
}
