import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { shortfall } from "../core/shortfall.js";
import { NOTE_MIME, PLOTLY_MIME, say, show, showFacts, showTable, TABLE_MIME } from "./display.js";
import { FACTS_MIME } from "./facts.js";
import { recordsTable } from "./records-table.js";
import { sampleFigures } from "./test-samples.js";

let sent: Record<string, unknown>[] = [];
const slot = globalThis as { tickbookDisplay?: unknown };
const figure = sampleFigures()[1]!;
const missing = shortfall({ step: "train", what: "bars", has: 11, needs: 1500 });

beforeEach(() => {
  sent = [];
  slot.tickbookDisplay = (data: Record<string, unknown>) => sent.push(data);
});

afterEach(() => {
  delete slot.tickbookDisplay;
  vi.unstubAllEnvs();
});

test("a figure travels as its specification with its words, and as text", () => {
  vi.stubEnv("TICKBOOK_HEADLESS", "1");
  show(figure, (result) => result);
  const spec = sent[0]?.[PLOTLY_MIME] as { readonly layout: { readonly meta: unknown } };
  const { title, subtitle, alt, n } = figure;
  expect(spec.layout.meta).toEqual({ title, subtitle, alt, n });
  expect(sent[0]?.["text/plain"]).toContain(title);
  expect(sent[0]).not.toHaveProperty("text/html");
});

test("people at a notebook get it as HTML too, with Plotly in the first one only", () => {
  show(figure, (result) => result);
  show({ ...figure, title: "<script>boom()</script>" }, (result) => result);
  const [first, second] = sent.map((data) => String(data["text/html"]));
  expect(first).toContain("plotly.js v");
  expect(second).not.toContain("plotly.js v");
  expect(second).toContain("&lt;script&gt;boom()");
  expect(second).not.toContain("<script>boom");
});

test("where outputs are pages of their own every figure brings Plotly", () => {
  vi.stubEnv("TICKBOOK_OUTPUTS", "apart");
  for (const one of [figure, figure]) show(one, (result) => result);
  for (const data of sent) expect(data["text/html"]).toContain("plotly.js v");
});

test("what is missing is drawn once and said in words from then on", () => {
  vi.stubEnv("TICKBOOK_HEADLESS", "1");
  const never = (): never => {
    throw new Error("there is no result to draw");
  };
  show(missing, never);
  show(missing, never);
  showTable(missing, never);
  say(missing, never);
  expect(Object.keys(sent[0]!)).toContain(PLOTLY_MIME);
  for (const data of sent.slice(1)) {
    expect(data[NOTE_MIME]).toEqual({ text: expect.stringContaining("11 bars") });
  }
});

test("words and a table that lack the same data say it once, and again after something else", () => {
  const lacking = shortfall({ step: "compare", what: "candles", has: 0, needs: 1 });
  const never = (): never => {
    throw new Error("there is no result to draw");
  };
  say(lacking, never);
  showTable(lacking, never);
  expect(sent).toHaveLength(1);
  say("else", (text) => text);
  say(lacking, never);
  expect(sent).toHaveLength(3);
});

test("records become a table with a column a field", () => {
  showTable(
    [
      { symbol: "A", rows: 1, big: 2n, none: undefined },
      { symbol: "B", rows: 2, big: 3n, none: null },
    ],
    recordsTable("Rows", { rows: { unit: "1" } }),
  );
  expect(sent[0]?.[TABLE_MIME]).toEqual({
    caption: "Rows",
    columns: [{ name: "symbol" }, { name: "rows", unit: "1" }, { name: "big" }, { name: "none" }],
    rows: [
      ["A", 1, 2, null],
      ["B", 2, 3, null],
    ],
  });
});

test("facts travel beside the answer's words", () => {
  showFacts({ verdict: "pass", answer: "Yes." });
  expect(sent[0]).toMatchObject({ "text/markdown": "**pass** · Yes.", "text/plain": "Yes." });
  expect(sent[0]?.[FACTS_MIME]).toEqual({ verdict: "pass", answer: "Yes." });
});

test("outside a notebook a result is printed as text", () => {
  delete slot.tickbookDisplay;
  const write = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  say(1, () => "one");
  expect(write).toHaveBeenCalledWith("one\n");
  write.mockRestore();
});
