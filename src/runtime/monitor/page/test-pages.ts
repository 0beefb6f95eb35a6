// For tests only: the live page of a board in a browser.
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { PHASE_BEGINS } from "../../records.js";
import type { MonitorBoard } from "../monitor-board.js";
import { type MonitorServer, startMonitorServer } from "../monitor-server.js";
import { MINUTE_US, START_US } from "../test-board.js";

/** On the page once all of it is drawn. */
export const SHOWN = "html[data-drawn=true]";

/** A page that was opened. */
interface Visit {
  readonly page: Page;
  readonly server: MonitorServer;
  /** Errors of the console and of scripts. */
  readonly problems: string[];
  /** Requests to anywhere but the server. */
  readonly elsewhere: readonly string[];
}

/** Pages of one test file. */
interface Pages {
  /** Serves a board until the test's end, and opens its page. */
  readonly visit: (board: MonitorBoard, options?: BrowserContextOptions) => Promise<Visit>;
  /** Keeps a picture of it in the folder TICKBOOK_PICTURES, where somebody wants to look at them. */
  readonly picture: (page: Page, name: string) => Promise<void>;
  /** Has something closed at the test's end, before what was opened earlier. */
  readonly closing: (one: { readonly close: () => Promise<void> }) => void;
}

/**
 * Opens pages in the tests of a file, in a browser of its own.
 *
 * @param launch - starts it
 */
export function testPages(launch: () => Promise<Browser>): Pages {
  const open: { readonly close: () => Promise<void> }[] = [];
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    closing: (one) => open.push(one),
    picture: async (page, name) => {
      const folder = process.env["TICKBOOK_PICTURES"];
      if (folder === undefined) return;
      await page.screenshot({ path: `${folder}/monitor-${name}.png`, fullPage: true });
    },
    visit: async (board, options = {}) => {
      const server = await startMonitorServer(board, { everyMs: 150 });
      const viewport = { width: 1440, height: 1000 };
      const context = await browser!.newContext({ viewport, ...options });
      open.push(server, context);
      const page = await context.newPage();
      const [problems, elsewhere]: readonly [string[], string[]] = [[], []];
      page.on("console", (message) => {
        if (/^(error|warning)$/.test(message.type())) problems.push(message.text());
      });
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("request", (request) => {
        if (!request.url().startsWith(server.url)) elsewhere.push(request.url());
      });
      await page.goto(server.url);
      await page.locator(SHOWN).waitFor();
      return { page, server, problems, elsewhere };
    },
  };
}

/** The account reaches its target, and begins anew for an hour in the next phase. */
export function nextPhase(board: MonitorBoard): void {
  const told = { kind: "risk", run: "demo", symbol: "" } as const;
  const floors = { dailyFloorUsd: 95_000, maximumFloorUsd: 90_000, exposureUsd: 0 };
  const worth = (minute: number, usd: number): void => {
    const atUs = START_US + minute * MINUTE_US;
    const account = { equityUsd: usd, balanceUsd: usd, ...floors };
    board.record({ kind: "equity", run: "demo", atUs, ...account });
  };
  worth(500, 110_010);
  const atUs = START_US + 500.5 * MINUTE_US;
  board.record({ ...told, atUs, name: "passed", detail: "challenge" });
  board.record({ ...told, atUs, name: PHASE_BEGINS, detail: "verification" });
  for (let minute = 501; minute <= 560; minute++) worth(minute, 100_000 + 4 * (minute - 501));
  board.limits({ phase: "verification", initialUsd: 100_000, targetUsd: 105_000 });
}

/** The account falls a cent below its floor. */
export function breach(board: MonitorBoard): void {
  const atUs = START_US + 421 * MINUTE_US;
  const floors = { dailyFloorUsd: 95_850, maximumFloorUsd: 90_000 };
  const account = { equityUsd: 95_849.99, balanceUsd: 96_100, exposureUsd: 0 };
  board.record({ kind: "equity", run: "demo", atUs, ...floors, ...account });
  const detail = "equity 95,849.99 below the daily floor 95,850.00";
  board.record({ kind: "risk", run: "demo", atUs, name: "daily-floor", symbol: "", detail });
  board.standing("breached", detail, atUs);
}
