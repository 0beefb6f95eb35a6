import { expect, test } from "vitest";
import { launchBrowser } from "../../../reporting/browser.js";
import { startMonitorServer } from "../monitor-server.js";
import { busyBoard, busyConnection, emptyBoard, MINUTE_US, START_US } from "../test-board.js";
import { breach, nextPhase, SHOWN, testPages } from "./test-pages.js";

const { visit, picture, closing } = testPages(launchBrowser);

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

test("each account that the page was told is a point of its line, also between two whole courses", async () => {
  const { board } = busyBoard();
  const { page } = await visit(board);
  const count = async (): Promise<number> =>
    Number.parseInt((await page.locator("#equity-n").textContent()) ?? "", 10);
  const before = await count();
  const floors = { dailyFloorUsd: 95_850, maximumFloorUsd: 90_000 };
  for (let i = 1; i <= 4; i++) {
    const atUs = START_US + (430 + i) * MINUTE_US;
    const account = { equityUsd: 101_000 + i, balanceUsd: 101_000, exposureUsd: 12 };
    board.record({ kind: "equity", run: "demo", atUs, ...floors, ...account });
    await page.locator("#tile-equity", { hasText: `101,00${i}.00` }).waitFor();
  }
  expect(await count()).toBe(before + 4);
});

test("where a phase begins the lines begin anew, and no drawdown is drawn from one to the next", async () => {
  const { board } = busyBoard();
  const { page, problems } = await visit(board);
  nextPhase(board);
  await page.locator("#tile-equity", { hasText: "100,236.00" }).waitFor();
  expect(await page.locator("#note-target").textContent()).toBe("target 105,000 · verification");
  // The whole course comes once in a while, with the hour's other points.
  await page.locator("#equity-n", { hasText: "481 points" }).waitFor();
  expect(await page.locator("#equity-alt").textContent()).toContain("this is verification");
  for (const line of ["equity", "daily", "maximum", "drawdown"]) {
    const path = await page.locator(`#equity-plot path.${line}`).getAttribute("d");
    expect(path!.match(/M/g), line).toHaveLength(2);
  }
  expect(await page.locator("#equity-plot line.phase").count()).toBe(1);
  const texts = await page.locator("#equity-plot text").allTextContents();
  expect(texts).toContain("challenge");
  expect(texts).toContain("verification");
  expect(texts).toContain("drawdown 0 %");
  // The deepest is the first phase's own, of some hundreds of 100,000 USD; from 110,010 to 100,000 it would be −9.1 %.
  const deepest = texts.find((text) => /^−[\d.]+ %$/.test(text))!;
  expect(Number(deepest.slice(1, -2))).toBeLessThan(3);
  await picture(page, "phases");
  await page.setViewportSize({ width: 420, height: 900 });
  await page.locator("#equity-plot svg[viewBox^='0 0 3']").waitFor();
  await picture(page, "phases-narrow");
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
  closing(await startMonitorServer(board, { everyMs: 150, port }));
  await lost.waitFor({ state: "hidden", timeout: 20_000 });
  expect(await page.title()).toMatch(/^SIMULATED · /);
  expect(await page.locator("#badge").textContent()).toBe("● within limits");
});

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
