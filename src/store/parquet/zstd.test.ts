import { setTimeout } from "node:timers/promises";
import { expect, test, vi } from "vitest";

const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251);

test("the compressor writes the same frames when its module is loaded anew, as after an edit in a notebook", async () => {
  const first = await import("./zstd.js");
  await first.loadZstd();
  const frame = first.compress(bytes);
  vi.resetModules();
  const second = await import("./zstd.js");
  expect(second.loadZstd).not.toBe(first.loadZstd);
  await second.loadZstd();
  // A second set-up would end some time after its call returned.
  await setTimeout(200);
  expect(second.compress(bytes)).toEqual(frame);
  expect(Buffer.compare(second.decompress(frame, bytes.length), bytes)).toBe(0);
});
