import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../../../core/random.js";
import { hostileText } from "../../../faults/hostile-texts.js";
import { launchBrowser } from "../../../reporting/browser.js";
import { startMonitorServer } from "../monitor-server.js";
import { busyBoard, busyConnection } from "../test-board.js";
import { HOSTILE_TEXTS } from "../test-hostile-texts.js";

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

/** Those that attack a page, and some of those that attack folders and terminals. */
function texts(): readonly string[] {
  const random = seededRandom(9);
  const baits = { folder: "/tmp/bait", target: "/tmp/bait/target" };
  const others = Array.from({ length: 12 }, (_, i) => hostileText(random, 50 + 7 * i, baits));
  return [...HOSTILE_TEXTS, ...others];
}

test("no text that data can bring is run, in whatever place of the page it stands", async () => {
  const context = await browser.newContext();
  const asked: string[] = [];
  const problems: string[] = [];
  const page = await context.newPage();
  page.on("request", (request) => asked.push(request.url()));
  page.on("dialog", (dialog) => void dialog.dismiss());
  page.on("console", (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(error.message));
  const all = texts();
  for (let from = 0; from < all.length; from += 10) {
    const some = all.slice(from, from + 10);
    const joined = some.join(" ");
    const market = { feed: "stream", exchange: joined, symbols: some } as const;
    const facts = { run: joined, models: some, ...market };
    const { board } = busyBoard({ ...facts, isUnpromoted: true }, { minutes: 11, texts: some });
    board.standing("halted", joined);
    const server = await startMonitorServer(board, { everyMs: 100 });
    await page.goto(server.url);
    await page.locator("html[data-drawn=true]").waitFor();
    expect((await page.locator("h1").textContent())!.length).toBeGreaterThan(joined.length);
    // The same texts once more, now by the stream.
    for (const text of some)
      board.log({ atMs: 0, level: "warn", text: "from the stream", detail: text });
    await page
      .locator("#log td", { hasText: "from the stream" })
      .nth(some.length - 1)
      .waitFor();
    await page.mouse.move(300, 300);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("[typeof window.boom, Object.prototype.boom]")).toEqual([
      "undefined",
      undefined,
    ]);
    // Nothing of it became an element or an attribute, and all of it is there to be read.
    expect(await page.evaluate(STRANGERS)).toEqual([]);
    for (const id of ["signals", "risks", "log"]) {
      const cells = (await page.locator(`#${id} td:last-child`).allTextContents()).map(shown);
      for (const text of some) if (text !== "") expect(cells).toContain(shown(text));
    }
    // Errors of a connection, and why its rows were rejected.
    for (const [turn, part] of [some.slice(0, 5), some.slice(5)].entries()) {
      if (part.length === 0) continue;
      const rejected = Object.fromEntries(part.map((text, i) => [text, part.length - i]));
      board.connection({ ...busyConnection(part), losses: 101 + turn, rejected });
      await page
        .locator("#connection td", { hasText: `${101 + turn}` })
        .first()
        .waitFor();
      const told = whole((await page.locator("#connection td:last-child").textContent())!);
      for (const text of part) expect(told).toContain(`${shown(text)} (`);
      expect(told.startsWith(shown(part.at(-1)!))).toBe(true);
    }
    expect(await page.evaluate(STRANGERS)).toEqual([]);
    expect(await page.evaluate("typeof window.boom")).toBe("undefined");
    expect(asked.filter((url) => !url.startsWith(server.url))).toEqual([]);
    await page.goto("about:blank");
    asked.length = 0;
    await server.close();
  }
  expect(problems).toEqual([]);
  await context.close();
}, 120_000);

/** What a page shows of a text: cut to what a board keeps, and without halves of characters, which UTF-8 cannot carry. */
function shown(text: string): string {
  return whole(text.length <= 300 ? text : `${text.slice(0, 299)}…`);
}

function whole(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}

const STRANGERS = `[...document.body.querySelectorAll("*")].flatMap((node) => [
  ...(/^(iframe|object|embed|img|base|link|meta|input|details|animate|style|template|math|video)$/i.test(node.tagName) ? [node.tagName] : []),
  ...[...node.attributes].filter(({ name }) => /^on|^src|^style$/.test(name)).map(({ name }) => name),
])`;
