import { expect, test } from "vitest";
import { OptionError } from "../../core/errors.js";
import { serverAddress } from "./server-address.js";
import { StreamErrors } from "./stream-errors.js";

test("neither keys nor what an address may hide are told", () => {
  const errors = new StreamErrors(["s3cret-key", ""]);
  errors.add(new Error("connect to wss://user:pass@host.example/stream?token=abc failed"));
  errors.add('Received error message: {"key":"s3cret-key"}');
  errors.add(new Error(`GET http://10.0.0.1/depth?symbol=BTC&signature=x ${"y".repeat(400)}`));
  const text = errors.latest.join("\n");
  for (const hidden of ["user", "pass", "token", "abc", "s3cret", "signature"]) {
    expect(text).not.toContain(hidden);
  }
  expect(errors.latest[0]).toBe("connect to wss://host.example/stream failed");
  expect(errors.latest[2]).toHaveLength(302);
});

test("the latest errors are kept, and all are counted", () => {
  const errors = new StreamErrors([]);
  for (let i = 0; i < 50; i++) errors.add(`error ${i}`);
  expect(errors.count).toBe(50);
  expect(errors.latest).toHaveLength(20);
  expect([errors.latest[0], errors.latest[19]]).toEqual(["error 30", "error 49"]);
});

test("only servers of this machine are trusted with the time", () => {
  const trusted = (url: string): boolean => serverAddress(url).sendsWholeBooks;
  expect(trusted("ws://127.0.0.1:80/stream?arrivals=true")).toBe(true);
  expect(trusted("ws://localhost:80/?arrivals=true")).toBe(true);
  expect(trusted("ws://[::1]:80/?arrivals=true")).toBe(true);
  expect(trusted("ws://127.0.0.1:80/stream")).toBe(false);
  expect(trusted("wss://stream.example/?arrivals=true")).toBe(false);
  expect(trusted("wss://127.0.0.1.example/?arrivals=true")).toBe(false);
  expect(serverAddress("wss://a.example:9443/stream").restUrl).toBe(
    "https://a.example:9443/api/v1",
  );
});

test("what is no address of a socket is refused, and not repeated", () => {
  for (const url of ["nowhere", "https://u:p@host/", "ws://"]) {
    expect(() => serverAddress(url)).toThrow(OptionError);
    expect(() => serverAddress(url)).toThrow(/^url: was no address of a socket;/);
  }
});
