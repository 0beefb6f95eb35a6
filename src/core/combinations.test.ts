import { expect, test } from "vitest";
import { combinations } from "./combinations.js";

test("two of four are the six pairs in order", () => {
  const pairs = [...combinations(4, 2)].map((pair) => pair.join(""));
  expect(pairs).toEqual(["01", "02", "03", "12", "13", "23"]);
});

test("there are as many as Pascal's triangle says, all different and in order", () => {
  const row = [1];
  for (let n = 0; n <= 9; n++) {
    for (let k = 0; k <= n + 1; k++) {
      const all = [...combinations(n, k)].map((one) => one.join(""));
      expect(all.length).toBe(row[k] ?? 0);
      expect(all).toEqual([...new Set(all)].sort());
    }
    for (let k = n + 1; k > 0; k--) row[k] = (row[k] ?? 0) + row[k - 1]!;
  }
});
