import { expect, test } from "vitest";
import { freeBlock } from "./free-block.js";

test("a block is freed with the view that reaches to its end, not with one before", async () => {
  // The port is closed some turns after it was told so; both before and after, the memory goes.
  for (let turn = 0; turn < 3; turn++) {
    const { buffer } = Buffer.allocUnsafeSlow(1000);
    freeBlock(Buffer.from(buffer, 0, 600));
    expect(buffer.byteLength).toBe(1000);
    freeBlock(Buffer.from(buffer, 600, 400));
    expect(buffer.byteLength).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
});
