import { expect, test } from "vitest";
import { PLOTLY_MIME, TABLE_MIME } from "./display.js";
import { FACTS_MIME } from "./facts.js";
import { parseNotebook } from "./notebook-file.js";
import { renderPage } from "./page.js";
import { renderNotebook } from "./render-notebook.js";
import type { RunFacts } from "./report-record.js";
import { CHECKS_MIME } from "./validate.js";

const RUN: RunFacts = {
  name: "01-sample",
  seconds: 3.2,
  finishedAt: "2024-03-01T10:00:00.000Z",
  commit: "abc1234",
  environment: { Node: "20.20.2" },
};

test("a notice on how figures were computed stands in the head, and only when there is one", () => {
  const notebook = parseNotebook(
    JSON.stringify({ cells: [], metadata: {}, nbformat: 4 }),
    "01-sample",
  );
  const notice = "tfjs in JavaScript computes <here>";
  const head = (run: RunFacts): string => renderNotebook(notebook, run).page.header.text;
  expect(head({ ...RUN, notice })).toContain(
    'class="note">tfjs in JavaScript computes &lt;here&gt;',
  );
  expect(head(RUN)).not.toContain('class="note"');
});

test("what makes all figures mean less stands in the band above the page, and in its title", () => {
  const cells = (facts: object) => [
    {
      ...{ cell_type: "code", metadata: {}, source: "", execution_count: 1 },
      outputs: [{ output_type: "display_data", metadata: {}, data: { [FACTS_MIME]: facts } }],
    },
  ];
  const page = (facts: object): string => {
    const text = JSON.stringify({ cells: cells(facts), metadata: {}, nbformat: 4 });
    return renderPage(renderNotebook(parseNotebook(text, "01-sample"), RUN).page);
  };
  const marked = page({ exchange: "bitfinex", caution: "BOUNCE-PRONE" });
  expect(marked).toContain("<strong>REAL</strong> <strong>BOUNCE-PRONE</strong> <span>");
  expect(marked).toContain("<title>REAL · BOUNCE-PRONE · ");
  expect(page({ exchange: "bitfinex" })).toContain("<strong>REAL</strong> <span>");
});

const HOSTILE = [
  "<script>boom()</script>",
  "</script><script>boom()</script>",
  '"><img src=x onerror=boom()>',
  "<svg/onload=boom()>",
  "[x](javascript:boom())",
  "![x](https://example.org/x.png)",
  "<!--",
  "' onmouseover='boom()",
];

const markdown = (source: string): unknown => ({ cell_type: "markdown", metadata: {}, source });

const code = (
  source: string,
  outputs: readonly unknown[],
  tags: readonly string[] = [],
): unknown => ({
  cell_type: "code",
  metadata: { tags },
  source,
  outputs,
});

const display = (data: Record<string, unknown>): unknown => ({ output_type: "display_data", data });

const read = (cells: readonly unknown[]): ReturnType<typeof parseNotebook> =>
  parseNotebook(JSON.stringify({ nbformat: 4, cells }), "sample.ipynb");

const bodyOf = (page: string): string => {
  return page.slice(page.indexOf("<body>"), page.indexOf("</footer>"));
};

test("nothing that stands in a notebook becomes markup or a script", () => {
  for (const text of HOSTILE) {
    const cells = [
      markdown(`# ${text}\n\n${text}\n\n## ${text}`),
      code(text, [
        { output_type: "stream", name: "stdout", text },
        display({ "text/html": text }),
        display({ "text/markdown": text }),
        display({ [PLOTLY_MIME]: { data: [{ name: text }], layout: { meta: words(text) } } }),
        display({ [TABLE_MIME]: { caption: text, columns: [{ name: text }], rows: [[text]] } }),
        display({ [CHECKS_MIME]: [{ name: text, value: 1, rule: text, verdict: text }] }),
        display({ [FACTS_MIME]: { exchange: text, symbols: [text], answer: text, verdict: text } }),
        { output_type: "error", ename: text, evalue: text, traceback: [text] },
      ]),
    ];
    const body = bodyOf(renderPage(renderNotebook(read(cells), { ...RUN, commit: text }).page));
    // What may open a tag: our own elements, and none of them carries a handler or loads anything.
    expect(body.match(/<(script|img|svg|iframe|object|link)\b[^>]*/g)).toEqual([
      expect.stringMatching(/^<img class="twin" alt="[^"]*" src="twin:figure-1"$/),
      '<script type="application/json" id="figure-1-data"',
    ]);
    expect(body).not.toMatch(/href="(?!#|index\.html|https:)/);
    const tags = body.replace(/<script.*<\/script>/g, "").replace(/"[^"]*"/g, '""');
    expect(tags).not.toMatch(/<[^>]*\son\w+/i);
  }
});

test("a page holds Plotly once, allows only its own scripts and loads nothing", () => {
  const figures = [1, 2].map(() =>
    code("show()", [display({ [PLOTLY_MIME]: { data: [], layout: { meta: words("x") } } })]),
  );
  const page = renderPage(renderNotebook(read(figures), RUN).page);
  expect(page.split("plotly.js v").length).toBe(2);
  expect(page.includes("default-src &#39;none&#39;; script-src &#39;sha256-")).toBe(true);
  expect(bodyOf(page)).not.toMatch(/<(script|link|img|iframe)[^>]*\s(src|href)="(?!data:|twin:)/);
  const without = renderPage(renderNotebook(read([markdown("# x")]), RUN).page);
  expect(without.length).toBeLessThan(60_000);
});

test("a failed cell is told at the top with a link to its place, and the verdict is fail", () => {
  const cells = [
    markdown("# Does it hold?"),
    code("showFacts()", [display({ [FACTS_MIME]: { answer: "Yes.", verdict: "pass" } })]),
    code("explode()", [
      { output_type: "error", ename: "DataError", evalue: "was broken", traceback: [] },
    ]),
  ];
  const { page, record } = renderNotebook(read(cells), RUN);
  expect(record).toMatchObject({ ok: false, verdict: "fail", error: { cell: 3 } });
  expect(page.main.text).toMatch(/^<div class="error" role="alert">/);
  expect(page.main.text).toContain('href="#cell-3"');
  expect(page.main.text).toContain('id="cell-3"');
});

test("the record holds title, answer, checks and where the data is from", () => {
  const checks = [{ name: "rows", value: 3, rule: "= 3", verdict: "pass" }];
  const cells = [
    markdown("# Does it hold?\n\nWords."),
    code("a", [display({ [FACTS_MIME]: { exchange: "simulated", rows: 3, figures: { a: 1 } } })]),
    code("b", [display({ [FACTS_MIME]: { answer: "Yes.", verdict: "pass", figures: { b: 2 } } })]),
    code("c", [display({ [CHECKS_MIME]: checks })], ["validation"]),
  ];
  const { record, page } = renderNotebook(read(cells), RUN);
  expect(record).toMatchObject({
    title: "Does it hold?",
    source: "SIMULATED",
    answer: "Yes.",
    verdict: "pass",
    ok: true,
    rows: 3,
    figures: { a: 1, b: 2 },
    checks,
  });
  expect(renderPage(page)).toMatch(/<title>SIMULATED · Does it hold\?/);
  expect(page.main.text).not.toContain("<h1");
});

test("a notebook that recorded no checks has failed", () => {
  const cells = [code("a", [display({ [FACTS_MIME]: { answer: "Yes.", verdict: "pass" } })])];
  const { record } = renderNotebook(read(cells), RUN);
  expect(record).toMatchObject({ ok: false, verdict: "fail", error: { cell: 0 } });
  expect(record.answer).toContain("recorded no checks");
});

test("a notebook that did not run to its end has failed, whatever its cells show", () => {
  const checks = [{ name: "rows", value: 3, rule: "= 3", verdict: "pass" }];
  const cells = [
    code("a", [display({ [FACTS_MIME]: { answer: "Yes.", verdict: "pass" } })]),
    code("b", [display({ [CHECKS_MIME]: checks })], ["validation"]),
  ];
  for (const shown of [cells, []]) {
    const { record } = renderNotebook(read(shown), { ...RUN, failure: "the kernel died" });
    const error = { cell: 0, text: "the kernel died" };
    expect(record).toMatchObject({ ok: false, verdict: "fail", error });
  }
});

test("a run that ended before it said its exchange still says SIMULATED or REAL", () => {
  const source = (exchange: string): string => {
    return renderNotebook(read([markdown("# x")]), { ...RUN, exchange }).record.source;
  };
  expect(source("simulated")).toBe("SIMULATED");
  expect(source("bitstamp")).toBe("REAL");
  expect(renderNotebook(read([markdown("# x")]), RUN).record.source).toBe("UNKNOWN");
});

test("a file that is no notebook is refused by name", () => {
  for (const text of ["", "{", "[]", '{"nbformat":3,"cells":[]}', '{"nbformat":4,"cells":[1]}']) {
    expect(() => parseNotebook(text, "x.ipynb")).toThrow(
      /x\.ipynb: was not a notebook of format 4/,
    );
  }
});

function words(text: string): Record<string, string> {
  return { title: text, subtitle: text, alt: text, n: text };
}
