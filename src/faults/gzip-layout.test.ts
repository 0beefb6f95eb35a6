import { createInflateRaw, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { gzipWithLayout } from "./gzip-layout.js";

const TEXTS = ["one\n", "two, two, two, two\n".repeat(50), "", "four\n"].map((text) =>
  Buffer.from(text),
);

test("blocks of every kind, header fields and members inflate to the texts, and lie where the layout says", async () => {
  const kinds = ["stored", "fixed", "dynamic", "stored"] as const;
  const blocks = TEXTS.map((text, i) => ({ text, kind: kinds[i]! }));
  const extra = Buffer.from("AB\x02\x00xy", "latin1");
  const { bytes, layout } = gzipWithLayout([
    { blocks },
    { blocks, name: "a.csv", comment: "of trades", extra },
    { blocks: blocks.slice(0, 1), hasHeaderCrc: true },
  ]);
  const whole = Buffer.concat(TEXTS);
  expect(gunzipSync(bytes)).toEqual(Buffer.concat([whole, whole, TEXTS[0]!]));
  expect(layout.map(({ start }) => start)).toEqual([0, ...layout.slice(0, -1).map((m) => m.end)]);
  expect(layout.at(-1)!.end).toBe(bytes.length);
  for (const { start, body, blockEnds, trailer, end } of layout) {
    expect(bytes.readUInt16BE(start)).toBe(0x1f8b);
    expect(end - trailer).toBe(8);
    expect(blockEnds.at(-1)).toBe(trailer);
    expect(await inflatedBy(bytes.subarray(body, blockEnds[0]))).toEqual(TEXTS[0]);
  }
});

/** What the first blocks alone inflate to. */
function inflatedBy(bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const inflate = createInflateRaw();
    inflate.once("data", resolve);
    inflate.on("error", () => undefined);
    inflate.write(bytes);
  });
}
