import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DARK, LIGHT } from "../core/palette.js";
import { simulateMarket } from "../simulate/simulate-market.js";
import { launchBrowser } from "./browser.js";
import type { ReportRecord } from "./report-record.js";
import { runNotebooks } from "./run-notebooks.js";

const ROOT = path.resolve(__dirname, "..", "..");
const NAMES = [
  "01-ingest",
  "02-quality-audit",
  "03-features",
  "04-baseline",
  "05-sequence-models",
  "06-evaluation",
  "07-runtime",
];

let folder = "";
let reports = "";
let browser: Browser;
let records: readonly ReportRecord[] = [];
/** Reports that are open as a reader first sees them, by name. */
const shown = new Map<string, Promise<OpenReport>>();

interface OpenReport {
  readonly page: Page;
  readonly problems: readonly string[];
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-reports-"));
  reports = path.join(folder, "reports");
  const mirror = path.join(folder, "mirror");
  const days = { from: "2024-01-01", to: "2024-01-03" };
  await simulateMarket(mirror, {
    symbols: ["BTCUSDT", "ETHUSDT"],
    ...days,
    seed: 1,
    edge: "informative",
    hasFaults: false,
    types: ["trades", "incremental_book_L2", "quotes", "simulation_truth"],
  });
  records = await runNotebooks({
    root: ROOT,
    files: NAMES.map((name) => path.join(ROOT, "notebooks", `${name}.ipynb`)),
    parameters: { source: mirror, ...days, symbols: "BTC,ETH", dataDir: path.join(folder, "data") },
    reports,
    environment: { Node: process.versions.node },
  });
  browser = await launchBrowser();
}, 600_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("every notebook runs to its end, says SIMULATED and records its checks", () => {
  expect(records.map(({ name, error }) => [name, error])).toEqual(
    NAMES.map((name) => [name, null]),
  );
  for (const { source, answer, checks, rows, manifests } of records) {
    expect(source).toBe("SIMULATED");
    expect(answer.length).toBeGreaterThan(20);
    expect(checks.length).toBeGreaterThan(0);
    expect(checks.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    expect(rows).toBeGreaterThan(100_000);
    expect(manifests).toHaveLength(16);
  }
});

test("the index links every report, with verdict, data, time and commit", async () => {
  const { page, problems } = await open("index");
  expect(await page.locator(".card h2 a").count()).toBe(NAMES.length);
  for (const [i, name] of NAMES.entries()) {
    const card = page.locator(".card").nth(i);
    expect(await card.locator("a").getAttribute("href")).toBe(`${name}.html`);
    const text = (await card.textContent()) ?? "";
    expect(text).toContain(records[i]!.verdict);
    expect(text).toMatch(/simulated · BTCUSDT, ETHUSDT · [\d,]+ rows.*UTC, \d+ s · commit \S+/s);
  }
  expect(problems).toEqual([]);
  await page.context().close();
});

test.each(NAMES)(
  "%s works offline, without console errors, with figures that can be used",
  async (name) => {
    const { page, problems } = await show(name);
    expect(await page.title()).toMatch(/^SIMULATED · .+\?/);
    const figures = page.locator(".figure");
    const count = await figures.count();
    expect(count).toBeGreaterThan(0);
    expect(await page.locator(".js-plotly-plot").count()).toBe(count);
    expect(
      await page.locator(".js-plotly-plot").first().locator("svg.main-svg").count(),
    ).toBeGreaterThan(1);
    for (const alt of await figures.locator(".live").evaluateAll(labels))
      expect(alt).toMatch(/\w+ .*\.$/);
    for (const alt of await figures.locator("figcaption").allTextContents())
      expect(alt).toMatch(/\.$/);
    expect(await page.evaluate<number>(BROKEN_TWINS)).toBe(0);
    expect(statSync(path.join(reports, `${name}.html`)).size).toBeLessThan(15e6);
    expect(problems).toEqual([]);
  },
);

test("the audit's report has its verdict first, then hours, stretches and pictures, and its checks last", async () => {
  const { page } = await show("02-quality-audit");
  const heads = await page.locator("main h2").allTextContents();
  expect(heads.map((head) => head.replace(/\s*#\s*$/, ""))).toEqual([
    "Parameters",
    "The verdict",
    "Hour by hour",
    "Silence and other stretches",
    "Delay",
    "Is the book the book that was quoted?",
    "The worst findings",
    "Ticks against candles",
    "Thresholds in force",
    "Checks",
  ]);
  expect(await page.locator(".answer").textContent()).toMatch(
    /good.*Yes: BTCUSDT 48 of 48 hours good, 0 bad; ETHUSDT/s,
  );
  expect(await page.locator("main").textContent()).not.toMatch(/NaN|undefined|Infinity/);
});

test("a figure answers to the pointer", async () => {
  const { page } = await show("04-baseline");
  const plot = page.locator(".js-plotly-plot").nth(2);
  await plot.scrollIntoViewIfNeeded();
  await plot.locator(".bars .point").first().hover({ force: true });
  await page.waitForSelector(".hoverlayer .hovertext", { timeout: 10_000 });
});

test("the dark scheme reaches page and figures, by the reader's system and by the switch", async () => {
  const { page } = await open("04-baseline", { colorScheme: "dark" });
  expect(await page.evaluate(GROUNDS)).toEqual([rgb(DARK.ground), rgb(DARK.ground)]);
  await page.locator("button.scheme").click();
  await page.waitForFunction(`${GROUNDS}[1] === "${rgb(LIGHT.ground)}"`);
  expect(await page.evaluate(GROUNDS)).toEqual([rgb(LIGHT.ground), rgb(LIGHT.ground)]);
  await page.context().close();
});

test("colour scales turn dark with the page", async () => {
  const { page } = await open("03-features", { colorScheme: "dark" });
  const scales = await page.evaluate<string>(
    `JSON.stringify([...document.querySelectorAll(".js-plotly-plot")].map(({ data }) => data.map((trace) => trace.colorscale)))`,
  );
  expect(scales).toContain(DARK.soft);
  expect(scales).not.toContain(LIGHT.soft);
  await page.context().close();
});

test("print is light, unfolded, and shows the still pictures in place of the live ones", async () => {
  const { page } = await open("04-baseline", { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
  expect(await page.locator(".figure .live").first().isVisible()).toBe(false);
  expect(await page.locator(".figure .twin").first().isVisible()).toBe(true);
  expect(await page.locator("details.code pre").first().isVisible()).toBe(true);
  const colour = await page.evaluate("getComputedStyle(document.body).backgroundColor");
  expect(colour).toBe(rgb(LIGHT.ground));
  await page.context().close();
});

test("a reader without scripts sees the still pictures", async () => {
  const { page } = await open("04-baseline", { javaScriptEnabled: false });
  expect(await page.locator(".figure .twin").first().isVisible()).toBe(true);
  await page.context().close();
});

test("on a narrow screen nothing but tables, code and figures is wider than the page", async () => {
  const { page } = await open("06-evaluation", { viewport: { width: 390, height: 800 } });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  await page.context().close();
});

test("a table's heads sort it by keyboard", async () => {
  const { page } = await show("03-features");
  const table = page.locator("table.sortable").first();
  const firstCell = async (): Promise<string | null> =>
    await table.locator("tbody tr").first().locator("td").first().textContent();
  const before = await firstCell();
  await table.locator("th button").first().focus();
  await page.keyboard.press("Enter");
  expect(await table.locator("th").first().getAttribute("aria-sort")).toBe("ascending");
  expect(await firstCell()).not.toBe(before);
});

test("nothing but reports is left behind", () => {
  expect(readdirSync(reports).filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(existsSync(path.join(reports, "runs"))).toBe(false);
});

/** Labels of elements; runs in the page. */
const labels = (found: readonly unknown[]): string[] =>
  found.map((one) => (one as { ariaLabel: string | null }).ariaLabel ?? "");

const BROKEN_TWINS =
  "[...document.querySelectorAll('.twin')].filter((twin) => !(twin.complete && twin.naturalWidth > 0)).length";

const GROUNDS = `[getComputedStyle(document.body).backgroundColor,
  document.querySelector(".js-plotly-plot .main-svg").style.background.replace(/;$/, "")]`;

/** A report as a reader first sees it, opened once: drawing all figures takes seconds. */
function show(name: string): Promise<OpenReport> {
  const opened = shown.get(name) ?? open(name);
  shown.set(name, opened);
  return opened;
}

/** Opens a page with the network off; whatever asks for more than files, or complains, is a problem. */
async function open(name: string, options: BrowserContextOptions = {}): Promise<OpenReport> {
  const context = await browser.newContext({ offline: true, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) problems.push(`asked for ${request.url()}`);
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  await page.goto(pathToFileURL(path.join(reports, `${name}.html`)).href);
  if (options.javaScriptEnabled !== false) {
    await page.waitForFunction("document.documentElement.dataset.drawn === 'true'");
  }
  return { page, problems };
}

/** A colour as the browser says it. */
function rgb(hex: string): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgb(${channels.join(", ")})`;
}
