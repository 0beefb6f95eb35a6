import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { launchBrowser } from "./browser.js";

const packagedOnly = process.platform === "linux" && process.arch === "x64";
let cache = "";

beforeAll(() => {
  cache = mkdtempSync(path.join(tmpdir(), "tickbook-browser-"));
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

test("a browser opens a page and runs its script", async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent("<h1>ticks</h1><script>document.title = String(6 * 7)</script>");
    expect(await page.title()).toBe("42");
    // Without fonts a heading has no height.
    const height = "document.querySelector('h1').getBoundingClientRect().height";
    expect(await page.evaluate<number>(height)).toBeGreaterThan(20);
  } finally {
    await browser.close();
  }
});

test.runIf(packagedOnly)("a machine without Chromium gets the packaged one", async () => {
  vi.stubEnv("CHROMIUM_PATH", "");
  vi.stubEnv("PATH", "");
  vi.stubEnv("TICKBOOK_CACHE", cache);
  const browsers = await Promise.all([launchBrowser(), launchBrowser()]);
  for (const browser of browsers) {
    expect(browser.version()).toMatch(/^147\./);
    await browser.close();
  }
  expect(readdirSync(cache)).toEqual(["chromium-147.0.0"]);
});

test("a CHROMIUM_PATH that is not there is refused by name", async () => {
  vi.stubEnv("CHROMIUM_PATH", "/nowhere/chromium");
  await expect(launchBrowser()).rejects.toThrow(/CHROMIUM_PATH was "\/nowhere\/chromium"/);
});
