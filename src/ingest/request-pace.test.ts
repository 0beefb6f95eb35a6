import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { clientLimits } from "./client-limits.js";
import { type RequestPace, requestPace } from "./request-pace.js";

vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
}));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** When each of some requests began, ms of a clock that stands still between timers. */
async function begun(pace: RequestPace, requests: number): Promise<readonly number[]> {
  const at: number[] = [];
  const all = Array.from({ length: requests }, () =>
    pace.run(async () => void at.push(performance.now())),
  );
  await vi.runAllTimersAsync();
  await Promise.all(all);
  return at;
}

test("no second has more requests than the limit, however many wait", async () => {
  const requestsPerSecond = 10;
  const pace = requestPace(clientLimits({ requestsPerSecond, requestsAtOnce: 50 }));
  const at = await begun(pace, 25);
  expect(at).toHaveLength(25);
  for (let i = requestsPerSecond; i < at.length; i++) {
    expect(at[i]! - at[i - requestsPerSecond]!).toBeGreaterThanOrEqual(1000);
  }
});

test("a pause holds for all requests, and a shorter one that is asked for later ends it no earlier", async () => {
  const pace = requestPace(clientLimits({ requestsPerSecond: 10_000, requestsAtOnce: 50 }));
  const fromMs = performance.now();
  pace.pause(5000);
  pace.pause(1000);
  for (const atMs of await begun(pace, 4)) expect(atMs).toBeGreaterThanOrEqual(fromMs + 5000);
  const later = performance.now();
  for (const atMs of await begun(pace, 4)) expect(atMs).toBeLessThan(later + 1000);
});
