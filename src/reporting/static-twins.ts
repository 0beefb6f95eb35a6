import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import type { Figure } from "./figure.js";
import { plotlyPath } from "./plotly-source.js";
import { figureHeight } from "./render-output.js";

/** Width in pixels at which a twin is drawn: what fits a printed page without letters becoming too small. */
const TWIN_WIDTH = 960;

/**
 * Draws figures as still pictures, for print and for readers without scripts.
 *
 * @param browser - a running Chromium; it is left open
 * @returns one `data:` address of an SVG for each figure, in order, in the light colours
 */
export async function drawTwins(browser: Browser, figures: readonly Figure[]): Promise<string[]> {
  const page = await browser.newPage({ offline: true });
  try {
    await page.setContent("<!doctype html><title>figures</title>");
    await page.addScriptTag({ content: readFileSync(plotlyPath(), "utf8") });
    const twins: string[] = [];
    for (const figure of figures) twins.push(await drawTwin(page, figure));
    return twins;
  } finally {
    await page.close();
  }
}

async function drawTwin(page: Page, figure: Figure): Promise<string> {
  const { data, layout } = figure;
  const spec = JSON.stringify({ data, layout: { ...layout, meta: undefined } });
  const size = JSON.stringify({ format: "svg", width: TWIN_WIDTH, height: figureHeight(figure) });
  const address = await page.evaluate<string>(`window.Plotly.toImage(${spec}, ${size})`);
  const svg = decodeURIComponent(address.slice(address.indexOf(",") + 1));
  return `data:image/svg+xml;base64,${Buffer.from(svg, "utf8").toString("base64")}`;
}
