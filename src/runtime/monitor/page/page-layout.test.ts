import { expect, test } from "vitest";
import { launchBrowser } from "../../../reporting/browser.js";
import { busyBoard } from "../test-board.js";
import { breach, testPages } from "./test-pages.js";

const { visit, picture } = testPages(launchBrowser);

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
