import { expect, test } from "vitest";
import { type Flaw, judge, type Truth, worse } from "./judge.js";
import { ALL_LOOKS, type LookName } from "./looks.js";

const WAY: LookName = "readTrades";
const folders = ["a", "b"];

/** A version whose every look gives the same. */
function version(seen: Readonly<Record<string, string>>): Truth {
  return Object.fromEntries(ALL_LOOKS.map((way) => [way, seen])) as unknown as Truth;
}
const truths = [version({ a: "1", b: "2" }), version({ a: "3", b: "4" })];

const sees = (...sight: readonly (readonly [string, string])[]): readonly number[] | Flaw =>
  judge(WAY, sight, { truths, folders });

test("each partition may be either version, and what lies beside them is nobody's business", () => {
  expect(sees(["a", "1"], ["c", "9"], ["b", "4"])).toEqual([0, 1]);
  expect(sees(["b", "2"], ["a", "3"])).toEqual([1, 0]);
});

test("a partition that is missed, seen twice, or seen as neither version is a flaw that names it", () => {
  expect(sees(["a", "1"])).toEqual({ kind: "lost", what: "readTrades missed b" });
  expect(sees(["a", "1"], ["a", "3"], ["b", "2"])).toEqual({
    kind: "duplicated",
    what: "readTrades saw 2 times a",
  });
  for (const mix of ["5", "2", ""]) {
    expect(sees(["a", mix], ["b", "2"])).toEqual({
      kind: "silent",
      what: "readTrades saw neither version of a",
    });
  }
});

test("of two flaws the worse is kept, and the first of equals", () => {
  const loud: Flaw = { kind: "loud", what: "one" };
  const lost: Flaw = { kind: "lost", what: "two" };
  expect(worse(undefined, undefined)).toBe(undefined);
  expect(worse(loud, undefined)).toBe(loud);
  expect([worse(loud, lost), worse(lost, loud)]).toEqual([lost, lost]);
  expect(worse({ kind: "silent", what: "three" }, lost)?.what).toBe("three");
  expect(worse(loud, { kind: "loud", what: "four" })).toBe(loud);
});
