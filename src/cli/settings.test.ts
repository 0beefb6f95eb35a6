import { afterEach, expect, test, vi } from "vitest";
import { withoutKeys } from "./settings.js";

afterEach(() => vi.unstubAllEnvs());

test("what runs are told in secret is taken out of texts: token, webhook, and the database's address and password", () => {
  vi.stubEnv("TICKBOOK_MONITOR_TOKEN", "token-of-the-page");
  vi.stubEnv("TICKBOOK_WEBHOOK", "https://hooks.example/T0/secret");
  vi.stubEnv("DATABASE_URL", "postgresql://me:p%40ssw0rd!x@db.example:5432/runs");
  for (const secret of [
    "token-of-the-page",
    "https://hooks.example/T0/secret",
    "postgresql://me:p%40ssw0rd!x@db.example:5432/runs",
    "p%40ssw0rd!x",
    "p@ssw0rd!x",
  ]) {
    expect(withoutKeys(`it said ${secret} twice: ${secret}`)).toBe("it said (key) twice: (key)");
  }
});

test("an address without a password, and one that cannot be decoded, take nothing else away", () => {
  vi.stubEnv("DATABASE_URL", "postgresql://me@db.example/runs");
  expect(withoutKeys("me at db.example")).toBe("me at db.example");
  vi.stubEnv("DATABASE_URL", "postgresql://me:100%sure-of-it@db.example/runs");
  expect(withoutKeys("100%sure-of-it")).toBe("(key)");
});
