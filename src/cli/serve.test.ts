import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { type EndedCommand, runCommandLine } from "./test-output.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-cli-serve-"));
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

afterEach(() => {
  vi.restoreAllMocks();
  for (const signal of SIGNALS) process.removeAllListeners(signal);
  process.exitCode = undefined;
});
afterAll(() => rmSync(root, { recursive: true }));

/** Runs `serve` with what it prints held back. */
function serve(...argv: readonly string[]): Promise<EndedCommand> {
  return runCommandLine("serve", root, "--json", ...argv);
}

test.each(SIGNALS)("%s ends the server once and removes its certificate", async (signal) => {
  const { code, out } = await serve();
  expect(code).toBe(0);
  const certificate = (JSON.parse(out) as { readonly certificate: string }).certificate;
  expect(existsSync(certificate)).toBe(true);
  const ended = new Promise<number>((resolve) => {
    vi.spyOn(process, "exit").mockImplementation(((status: number) => resolve(status)) as never);
  });
  process.emit(signal);
  process.emit(signal);
  expect(await ended).toBe(0);
  expect(existsSync(path.dirname(certificate))).toBe(false);
});

test("a key without a value comes from the environment, and is not printed", async () => {
  vi.stubEnv("TICKBOOK_SERVER_KEY", "canary-server-key");
  const ended = new Promise<void>((resolve) => {
    vi.spyOn(process, "exit").mockImplementation((() => resolve()) as never);
  });
  const { out, err } = await serve("--key");
  expect(err).toMatch(/clients need its key in TICKBOOK_SERVER_KEY/);
  expect(out + err).not.toContain("canary");
  process.emit("SIGTERM");
  await ended;

  vi.stubEnv("TICKBOOK_SERVER_KEY", "");
  const refused = await serve("--key");
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(/--key: had no value, and TICKBOOK_SERVER_KEY is not set/);
  const empty = await serve("--key", "");
  expect([empty.code, empty.out]).toEqual([2, ""]);
  expect(empty.err).toMatch(/--key: was empty/);
  vi.unstubAllEnvs();
});
