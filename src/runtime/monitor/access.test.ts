import { expect, test } from "vitest";
import { isOwnName, isSame, requireSafeAccess, showsToken, tokenCookie } from "./access.js";

const TOKEN = "a-token-that-is-long-enough";

test("another host than loopback is refused without a token, and a token that can be guessed always", () => {
  for (const host of ["127.0.0.1", "::1", "localhost"]) requireSafeAccess({ host });
  requireSafeAccess({ host: "0.0.0.0", token: TOKEN });
  for (const host of ["0.0.0.0", "::", "192.168.1.7", "example.org", ""]) {
    expect(() => requireSafeAccess({ host })).toThrow(/--host: was ".*", which others can reach/);
  }
  for (const token of ["", "short", "with a space in it", "ü".repeat(20)]) {
    expect(() => requireSafeAccess({ host: "127.0.0.1", token })).toThrow(
      /TICKBOOK_MONITOR_TOKEN: had \d+ char/,
    );
  }
});

test("a refused token is not in the message", () => {
  expect(() => requireSafeAccess({ host: "::1", token: "hunter2" })).toThrow(/^(?!.*hunter2)/);
});

test("only this machine's own names pass as its name", () => {
  for (const name of [
    "127.0.0.1",
    "127.0.0.1:80",
    "localhost:8080",
    "LOCALHOST",
    "[::1]:99",
    "[::1]",
  ]) {
    expect(isOwnName(name)).toBe(true);
  }
  const others = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example:80",
  ];
  for (const name of [
    undefined,
    "",
    "0.0.0.0",
    "127.0.0.1@evil.example",
    "localhost:x",
    ...others,
  ]) {
    expect(isOwnName(name)).toBe(false);
  }
});

test("a token is shown as bearer or by its own cookie, and nothing near it passes", () => {
  const cookie = tokenCookie(TOKEN, 80).split(";")[0]!;
  expect(tokenCookie(TOKEN, 80)).not.toContain(TOKEN);
  for (const headers of [
    { authorization: `Bearer ${TOKEN}` },
    { authorization: `bearer  ${TOKEN}` },
    { cookie: `other=1; ${cookie}; more=2` },
  ]) {
    expect(showsToken(headers, TOKEN, 80)).toBe(true);
  }
  for (const headers of [
    {},
    { authorization: TOKEN },
    { authorization: `Bearer ${TOKEN} ` },
    { authorization: `Bearer ${TOKEN.slice(0, -1)}` },
    { cookie: tokenCookie(TOKEN, 81) },
    { cookie: tokenCookie(`${TOKEN}x`, 80) },
    { cookie: cookie.split("=")[0]! },
  ]) {
    expect(showsToken(headers, TOKEN, 80)).toBe(false);
  }
});

test("texts of any lengths can be compared", () => {
  expect(isSame("a", "a")).toBe(true);
  expect(isSame("", "a".repeat(1e5))).toBe(false);
});
