import { expect, test } from "vitest";
import { alignedDoubles } from "./aligned-doubles.js";

test("zeros of the length that is asked for, 48 bytes into their memory", () => {
  expect(alignedDoubles(3)).toEqual(new Float64Array(3));
  expect(alignedDoubles(3).byteOffset).toBe(48);
});
