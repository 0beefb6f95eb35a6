import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { printText } from "./print-text.js";

/** Numbered pieces that note how many were asked for and whether they were ended. */
function numbered(count: number): {
  readonly pieces: AsyncGenerator<string>;
  readonly seen: { asked: number; isEnded: boolean };
} {
  const seen = { asked: 0, isEnded: false };
  async function* pieces(): AsyncGenerator<string> {
    try {
      while (seen.asked < count) yield `${seen.asked++} `;
    } finally {
      seen.isEnded = true;
    }
  }
  return { pieces: pieces(), seen };
}

test("a piece is asked for only once there is room for it, however slow the reader is", async () => {
  const { pieces, seen } = numbered(50);
  let written = "";
  let taken = 0;
  const slow = new Writable({
    highWaterMark: 1,
    write: (chunk, _encoding, done) => {
      expect(seen.asked - taken).toBe(1);
      setImmediate(() => {
        written += String(chunk);
        taken++;
        done();
      });
    },
  });
  expect(await printText(pieces, slow)).toBe(true);
  expect(written).toBe(Array.from({ length: 50 }, (_, i) => `${i} `).join(""));
});

test("a reader that goes away ends the pieces and is no error", async () => {
  const { pieces, seen } = numbered(50);
  const gone = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => done(seen.asked > 3 ? new Error("EPIPE") : null),
  });
  gone.on("error", () => undefined);
  expect(await printText(pieces, gone)).toBe(false);
  expect(seen).toEqual({ asked: 4, isEnded: true });
});

test("an error of the pieces is thrown, and what came before it is written", async () => {
  let written = "";
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written += String(chunk);
      done();
    },
  });
  async function* failing(): AsyncGenerator<string> {
    yield "one ";
    yield "two ";
    throw new RangeError("three");
  }
  await expect(printText(failing(), stream)).rejects.toThrow(RangeError);
  expect(written).toBe("one two ");
});
