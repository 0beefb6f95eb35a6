import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { readJson } from "./read-json.js";

/** A whole answer of so many MiB of spaces around a number. */
function answer(mib: number): IncomingMessage {
  const spaces = Buffer.alloc(1 << 20, " ");
  return Readable.from([...Array<Buffer>(mib).fill(spaces), Buffer.from("1")]) as IncomingMessage;
}

test("an answer is read up to 64 MiB, and no further whatever it is", async () => {
  expect(await readJson(answer(63), 60_000)).toBe(1);
  await expect(readJson(answer(64), 60_000)).rejects.toThrow("sent more than 67108864 bytes");
});
