import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../../reporting/browser.js";
import type { MonitorBoard } from "../monitor-board.js";
import { type MonitorServer, startMonitorServer } from "../monitor-server.js";
import { busyBoard, busyConnection, emptyBoard, MINUTE_US, START_US } from "../test-board.js";

/** Folder for pictures of the page, where somebody wants to look at them. */
const PICTURES = process.env["TICKBOOK_PICTURES"];
const SHOWN = "html[data-drawn=true]";

let browser: Browser;
const open: { readonly close: () => Promise<void> }[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

afterAll(async () => {
  await browser?.close();
});

interface Visit {
  readonly page: Page;
  readonly server: MonitorServer;
  /** Errors of the console and of scripts. */
  readonly problems: string[];
  /** Requests to anywhere but the server. */
  readonly elsewhere: readonly string[];
}

async function visit(board: MonitorBoard, options: BrowserContextOptions = {}): Promise<Visit> {
  const server = await startMonitorServer(board, { everyMs: 150 });
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...options });
  open.push(server, context);
  const page = await context.newPage();
  const problems: string[] = [];
  const elsewhere: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url)) elsewhere.push(request.url());
  });
  await page.goto(server.url);
  await page.locator(SHOWN).waitFor();
  return { page, server, problems, elsewhere };
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await page.screenshot({ path: `${PICTURES}/monitor-${name}.png`, fullPage: true });
}

function breach(board: MonitorBoard): void {
  const atUs = START_US + 421 * MINUTE_US;
  const floors = { dailyFloorUsd: 95_850, maximumFloorUsd: 90_000 };
  const account = { equityUsd: 95_849.99, balanceUsd: 96_100, exposureUsd: 0 };
  board.record({ kind: "equity", run: "demo", atUs, ...floors, ...account });
  const detail = "equity 95,849.99 below the daily floor 95,850.00";
  board.record({ kind: "risk", run: "demo", atUs, name: "daily-floor", symbol: "", detail });
  board.standing("breached", detail, atUs);
}

test("the page shows a run at once and asks nobody else for anything", async () => {
  const { page, problems, elsewhere } = await visit(busyBoard().board);
  expect(await page.title()).toBe("SIMULATED · run demo-strong · tickbook");
  expect(await page.locator("#band").textContent()).toMatch(/^\s*SIMULATED/);
  expect(await page.locator("h1").textContent()).toBe("Is run demo-strong within its limits?");
  expect(await page.locator("#badge").textContent()).toBe("● within limits");
  for (const id of ["feeds", "positions", "signals", "orders", "risks", "log", "latency"]) {
    expect(await page.locator(`#${id} tbody tr`).count()).toBeGreaterThan(0);
    expect(await page.locator(`#${id} .empty`).count()).toBe(0);
  }
  expect(await page.locator("#equity-plot svg path.equity").getAttribute("d")).toMatch(
    /^M[\d. ]+L/,
  );
  expect(await page.locator("#alarm").isVisible()).toBe(false);
  expect(await page.locator("#warning").isVisible()).toBe(false);
  await picture(page, "light");
  expect(problems).toEqual([]);
  expect(elsewhere).toEqual([]);
});

test("a run before its first event shows dashes, not zeros or NaN", async () => {
  const { page, problems } = await visit(emptyBoard().board);
  expect(await page.locator("#badge").textContent()).toBe("◆ starting");
  expect(await page.locator("#tile-equity").textContent()).toBe("–");
  expect(await page.locator(".shell").textContent()).not.toMatch(/NaN|null|undefined|Infinity/);
  expect(problems).toEqual([]);
});

test("the page follows the board without being loaded again", async () => {
  const { board } = busyBoard();
  const { page, problems } = await visit(board);
  await page.evaluate("window.isSameDocument = true");
  const atUs = START_US + 422 * MINUTE_US;
  const account = { equityUsd: 101_234.5, balanceUsd: 101_000, exposureUsd: 12 };
  const floors = { dailyFloorUsd: 95_850, maximumFloorUsd: 90_000 };
  board.record({ kind: "equity", run: "demo", atUs, ...floors, ...account });
  board.log({ atMs: 0, level: "error", text: "a new line", detail: "" });
  await page.locator("#tile-equity", { hasText: "101,234.50" }).waitFor();
  await page.locator("#log td", { hasText: "a new line" }).waitFor();
  expect(await page.locator("#equity-alt").textContent()).toContain(
    "101,234.50 USD, 5,384.50 USD above",
  );
  expect(await page.evaluate("window.isSameDocument")).toBe(true);
  expect(problems).toEqual([]);
});

test("a breach is called out as an alert, in the tab's title and in words", async () => {
  const { board } = busyBoard();
  const { page, problems } = await visit(board);
  breach(board);
  const alert = page.getByRole("alert").filter({ hasText: "BREACH" });
  await alert.waitFor();
  expect(await alert.textContent()).toMatch(
    /■ BREACH.*95,849.99 below the daily floor.*no new positions/s,
  );
  expect(await page.title()).toMatch(/^SIMULATED · BREACH · /);
  expect(await page.locator("#badge").textContent()).toBe("■ breach");
  await picture(page, "breach");
  expect(problems).toEqual([]);
});

test("equity below a floor is a breach even when nobody has said so", async () => {
  const { board } = busyBoard();
  const { page } = await visit(board);
  const atUs = START_US + 423 * MINUTE_US;
  const floors = { dailyFloorUsd: 95_850, maximumFloorUsd: 90_000 };
  const at = {
    kind: "equity",
    run: "demo",
    atUs,
    ...floors,
    balanceUsd: 0,
    exposureUsd: 0,
  } as const;
  board.record({ ...at, equityUsd: 95_850 });
  await page.locator("#tile-equity", { hasText: "95,850.00" }).waitFor();
  expect(await page.locator("#alarm").isVisible()).toBe(false);
  board.record({ ...at, atUs: atUs + 1, equityUsd: 95_849.99 });
  await page.getByRole("alert").filter({ hasText: "BREACH" }).waitFor();
});

test("a paused page keeps its tables still, and still calls a breach out", async () => {
  const { board } = busyBoard();
  const { page } = await visit(board);
  await page.locator("#pause").press("Enter");
  const before = await page.locator("#tile-equity").textContent();
  breach(board);
  await page.getByRole("alert").filter({ hasText: "BREACH" }).waitFor();
  expect(await page.locator("#tile-equity").textContent()).toBe(before);
  await page.locator("#pause").press("Enter");
  await page.locator("#tile-equity", { hasText: "95,849.99" }).waitFor();
});

test("a halt, a silent feed and a journal that is down are told in words", async () => {
  const { board, clock } = busyBoard({ isUnpromoted: true, isSimulated: false });
  const { page } = await visit(board);
  expect(await page.locator("#band").textContent()).toMatch(/^\s*REAL.*UNPROMOTED/s);
  expect(await page.title()).toMatch(/^REAL · UNPROMOTED · /);
  board.standing("halted", "an operator said so");
  clock.ms += 6000;
  board.journal({ isUp: false, waiting: 3 });
  await page.getByRole("alert").filter({ hasText: "HALTED" }).waitFor();
  const warning = page.getByRole("status").filter({ hasText: "Journal is down" });
  await warning.waitFor();
  expect(await warning.textContent()).toMatch(
    /Feed of BTCUSDT is stale.*exits go into the local file/s,
  );
  await picture(page, "halted");
});

test("a page whose process is gone says since when, and goes on when it is back", async () => {
  const { board } = busyBoard();
  const { page, server } = await visit(board);
  await server.close();
  const lost = page.getByRole("alert").filter({ hasText: "NO CONNECTION" });
  await lost.waitFor({ timeout: 10_000 });
  expect(await lost.textContent()).toMatch(/since \d\d:\d\d:\d\d UTC/);
  expect(await page.title()).toMatch(/^NO CONNECTION · /);
  expect(await page.locator("#badge").textContent()).toBe("▲ not known");
  await picture(page, "lost");
  const port = Number(new URL(server.url).port);
  open.push(await startMonitorServer(board, { everyMs: 150, port }));
  await lost.waitFor({ state: "hidden", timeout: 20_000 });
  expect(await page.title()).toMatch(/^SIMULATED · /);
  expect(await page.locator("#badge").textContent()).toBe("● within limits");
});

test.each(["light", "dark"] as const)(
  "every text on the %s page stands out by 4.5 to 1",
  async (colorScheme) => {
    const { board, clock } = busyBoard({ isUnpromoted: true });
    breach(board);
    clock.ms += 6000;
    board.journal({ isUp: false, waiting: 3 });
    const { page } = await visit(board, { colorScheme });
    await page.getByRole("alert").filter({ hasText: "BREACH" }).waitFor();
    const found = await page.evaluate<{ readonly texts: number; readonly weak: readonly string[] }>(
      CONTRAST,
    );
    expect(found.weak).toEqual([]);
    expect(found.texts).toBeGreaterThan(150);
    await picture(page, `breach-${colorScheme}`);
  },
);

test("the reader's switch turns the page dark, and it stays so", async () => {
  const { page } = await visit(busyBoard().board);
  const ground = (): Promise<string> =>
    page.evaluate("getComputedStyle(document.body).backgroundColor");
  expect(await ground()).toBe("rgb(255, 255, 255)");
  await page.locator("#scheme").press("Enter");
  expect(await ground()).toBe("rgb(16, 21, 31)");
  await page.reload();
  await page.locator(SHOWN).waitFor();
  expect(await ground()).toBe("rgb(16, 21, 31)");
  await picture(page, "dark");
});

test("of a stream the page shows what its connection went through, and a replay has no such place", async () => {
  const { board } = busyBoard({ feed: "stream" });
  const { page, problems } = await visit(board);
  const cells = async (): Promise<readonly string[]> =>
    page.locator("#connection tbody td").allTextContents();
  expect(await cells()).toEqual([
    ...["● open", "2", "3", "17", "1.30 ms", "15"],
    "the sequence of BTCUSDT had no overlap · rejected: price: not positive (12); local_timestamp: before the row above (3)",
  ]);
  await picture(page, "stream");
  board.connection({ ...busyConnection(), isLost: true, losses: 3, lagUs: 12e6 });
  const warning = page.getByRole("status").filter({ hasText: "The connection to the exchange" });
  await warning.waitFor();
  expect(await warning.textContent()).toContain("Events wait for the run");
  expect((await cells())[0]).toBe("▲ lost");
  expect(problems).toEqual([]);
  const replay = await visit(busyBoard().board);
  expect(await replay.page.locator("#connection").count()).toBe(0);
  const unopened = await visit(emptyBoard({ feed: "stream" }).board);
  expect(await unopened.page.locator("#connection td").textContent()).toBe("Not connected yet.");
});

test("nothing is wider than a phone", async () => {
  const { page } = await visit(busyBoard().board, { viewport: { width: 400, height: 800 } });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(400);
  await picture(page, "narrow");
});

test("from a tablet's width on no table and no figure is cut", async () => {
  const { board } = busyBoard({ feed: "stream" });
  board.journal({ isUp: false, waiting: 123_456 });
  const { page } = await visit(board);
  for (const width of [800, 1152, 1280, 1366, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(DRAWN_AGAIN);
    expect([width, await page.evaluate(CUT)]).toEqual([width, []]);
    await picture(page, `${width}`);
  }
});

test("the keyboard reaches every box and button, and each says what it is", async () => {
  const { page } = await visit(busyBoard().board);
  const reached: string[] = [];
  for (let i = 0; i < 16; i++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate<string>(FOCUSED));
  }
  expect(reached).toEqual([
    "Skip to the content",
    "❚❚ Pause",
    "Switch between light and dark",
    ...["Data health", "Journal", "Positions", "Risk events", "Signals", "Orders and fills"],
    ...["Latency figures", "Log", "/api/state", "/health", "/metrics"],
    ...reached.slice(14),
  ]);
});

const FOCUSED =
  "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent";

/** Figures are drawn anew in the frame after a change of size. */
const DRAWN_AGAIN =
  "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";

/** Boxes that scroll sideways, and texts that reach beyond their drawing. */
const CUT = `[
  ...[...document.querySelectorAll(".box")].filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.getAttribute("aria-label")),
  ...[...document.querySelectorAll("svg text")].filter((text) => {
    const [inner, outer] = [text, text.closest("svg")].map((node) => node.getBoundingClientRect());
    return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
  }).map((text) => text.textContent),
]`;

/** Contrast of each text with the nearest ground behind it, WCAG 2.2; shapes repeat a word and are left out. */
const CONTRAST = `(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const channel = (value) => value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const groundOf = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const weak = [];
  let texts = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (walker.currentNode.textContent.trim() === "" || node.closest("script, noscript, .shape, .skip, [hidden]")) continue;
    const style = getComputedStyle(node);
    const colour = parse(node.closest("svg") ? style.fill : style.color);
    const [low, high] = [luminance(colour), luminance(groundOf(node))].sort((a, b) => a - b);
    texts += 1;
    if ((high + 0.05) / (low + 0.05) < 4.5) weak.push(node.className + " " + walker.currentNode.textContent.slice(0, 40));
  }
  return { texts, weak };
})()`;
