import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RULES_PRESETS } from "../../trading/rules/account-rules.js";
import { GUARD_SETTINGS } from "../../trading/rules/guard.js";
import { LIMIT_SETTINGS } from "../risk/order-limits.js";
import { SIGNAL_SETTINGS } from "../signal/signal.js";
import { type RuntimeSections, runtimeSections } from "./settings-section.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-sections-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function sections(text: string): Promise<RuntimeSections> {
  await writeFile(path.join(folder, "tickbook.yaml"), text);
  return runtimeSections(60e6, folder);
}

test("nothing written are the defaults", async () => {
  const { cooldown, ...rest } = await sections("");
  expect(rest).toEqual({
    rules: RULES_PRESETS["ftmo-two-step"],
    signal: SIGNAL_SETTINGS,
    limits: LIMIT_SETTINGS,
    guard: GUARD_SETTINGS,
    swapRatio: 0,
    calendar: { newsUs: [], breaks: [] },
  });
  expect(cooldown.barUs).toBe(60e6);
});

test("what is written differs, and all else stays", async () => {
  const { rules, signal, limits, swapRatio, calendar } = await sections(`
account: { preset: ftmo-one-step, initialUsd: 50000 }
runtime:
  signal: { maxSpreadBps: 3 }
  limits: { ordersPerDay: 10 }
  holding: { swapRatio: 0.0002 }
  calendar: { news: ["2024-11-01T13:30Z", "2024-11-01T12:00+02:00"], breaks: [{ from: "2024-11-02T00:00Z", until: "2024-11-02T06:00Z" }] }
`);
  expect(rules).toEqual({ ...RULES_PRESETS["ftmo-one-step"], initialUsd: 50_000 });
  expect(signal).toEqual({ ...SIGNAL_SETTINGS, maxSpreadBps: 3 });
  expect(limits).toEqual({ ...LIMIT_SETTINGS, ordersPerDay: 10 });
  expect(swapRatio).toBe(0.0002);
  const at = (time: string): number => 1000 * Date.parse(time);
  expect(calendar).toEqual({
    newsUs: [at("2024-11-01T10:00Z"), at("2024-11-01T13:30Z")],
    breaks: [{ fromUs: at("2024-11-02T00:00Z"), untilUs: at("2024-11-02T06:00Z") }],
  });
});

test.each([
  ["runtime: { signals: {} }", /runtime\.signals: was \{\}, expected only signal, limits/],
  ["runtime: 3", /runtime: was 3, expected names with values/],
  [
    "runtime: { signal: { maxBookless: 2 } }",
    /runtime\.signal\.maxBookless: was 2, expected a share/,
  ],
  ["runtime: { limits: { ordersPerDay: 1.5 } }", /expected a whole number from 0 to 1000000/],
  ["runtime: { limits: { orders: 1 } }", /runtime\.limits\.orders: is not known there/],
  ["runtime: { calendar: { news: [2024-11-01] } }", /expected a time such as 2024-11-01T13:30Z/],
  ["account: { preset: mine }", /account\.preset: was "mine"/],
])("%s is refused by place, value and rule", async (text, sentence) => {
  await expect(sections(text)).rejects.toThrow(sentence);
});
