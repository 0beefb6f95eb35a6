import { expect, test } from "vitest";
import type { AuditedType } from "../store/audited-types.js";
import type { Verdict } from "./hour-verdict.js";
import { badStreams, overallVerdict } from "./overall-verdict.js";

const SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
const TYPES: readonly AuditedType[] = ["trades", "incremental_book_L2", "quotes"];

/** A day of all symbols and types, good but for the first hours of one. */
const hoursOf = (
  bad: number,
  verdict: Verdict = "bad",
): { symbol: string; type: AuditedType; verdict: Verdict }[] =>
  SYMBOLS.flatMap((symbol) =>
    TYPES.flatMap((type) =>
      Array.from({ length: 24 }, (_, hour) => {
        const isBad = symbol === "ETHUSDT" && type === "trades" && hour < bad;
        return { symbol, type, verdict: isBad ? verdict : "good" };
      }),
    ),
  );

test("half of the hours of one type of one symbol are enough for bad, however good all others are", () => {
  expect(overallVerdict([], hoursOf(12))).toBe("bad");
  expect(badStreams(hoursOf(12))).toEqual([
    { symbol: "ETHUSDT", type: "trades", badHours: 12, hours: 24 },
  ]);
  expect(overallVerdict([{ isFatal: false }], hoursOf(11))).toBe("usable");
  expect(badStreams(hoursOf(11))).toEqual([]);
});

test("a fatal finding is bad, another is usable at best, and without any the hours decide", () => {
  expect(overallVerdict([{ isFatal: true }], hoursOf(0))).toBe("bad");
  expect(overallVerdict([{ isFatal: false }], hoursOf(0))).toBe("usable");
  expect(overallVerdict([], hoursOf(0))).toBe("good");
  expect(overallVerdict([], hoursOf(24, "usable"))).toBe("usable");
  expect(overallVerdict([], [])).toBe("good");
});
