import { describe, expect, test } from "vitest";
import { dayStartUs, HOUR_US } from "../../core/time.js";
import type { CheckResult } from "../finding.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { Mismatch } from "./mismatch.js";

const DAY = dayStartUs("2024-03-01");
const TYPE = "incremental_book_L2";
const COVERED = new Map(Array.from({ length: 24 }, (_, hour) => [DAY + hour * HOUR_US, HOUR_US]));

describe("mismatch", () => {
  const name = { type: TYPE, otherType: "quotes", other: "quotes" } as const;
  const play = (agreementOf: (i: number) => "unequal" | "prices" | "all"): CheckResult => {
    const mismatch = new Mismatch(
      { check: "quote-mismatch", ...name },
      AUDIT_SETTINGS.quoteMismatch,
    );
    for (let i = 0; i < 10_000; i++) mismatch.add(DAY + i * 1e5, agreementOf(i));
    return mismatch.finish(COVERED);
  };

  test("the book law: 99.9 % of prices, 94 % of prices and amounts", () => {
    expect(
      play((i) => (i % 1001 === 0 ? "unequal" : i % 20 === 1 ? "prices" : "all")).findings,
    ).toEqual([]);
    expect(play((i) => (i % 500 === 0 ? "unequal" : "all")).findings).toMatchObject([
      { check: "quote-mismatch", count: 20, isFatal: false },
    ]);
    expect(play((i) => (i % 10 === 0 ? "prices" : "all")).findings).toMatchObject([
      { isFatal: false },
    ]);
  });

  test("states that differ for seconds in a row are told, whatever the day's share; another book is fatal", () => {
    expect(play((i) => (i >= 5000 && i < 5060 ? "unequal" : "all")).findings).toMatchObject([
      { spans: [[DAY + 500e6, DAY + 506e6]], isFatal: false },
    ]);
    expect(play((i) => (i < 4000 ? "unequal" : "all"))).toMatchObject({
      findings: [{ isFatal: true }],
      marks: [
        ...[{ verdict: "bad" }, { verdict: "bad" }],
        { type: "quotes", verdict: "usable", reason: "the book rebuilt from its changes differs" },
      ],
    });
  });

  test("one state that differs for seconds in which nothing moves is told; one that is the last for long is not", () => {
    const tell = (stoodSeconds: number): CheckResult => {
      const mismatch = new Mismatch(
        { check: "quote-mismatch", ...name },
        AUDIT_SETTINGS.quoteMismatch,
      );
      for (let i = 0; i < 5000; i++) mismatch.add(DAY + i * 1e5, "all");
      mismatch.add(DAY + 500e6, "unequal");
      mismatch.stand(stoodSeconds * 1e6);
      for (let i = 0; i < 5000; i++) mismatch.add(DAY + 508e6 + i * 1e5, "all");
      return mismatch.finish(COVERED);
    };
    expect(tell(8).findings).toMatchObject([{ count: 1, spans: [[DAY + 500e6, DAY + 508e6]] }]);
    expect(tell(4).findings).toEqual([]);
  });

  test("where no run is long, each hour with an unlawful share shows its longest stretch", () => {
    const mismatch = new Mismatch(
      { check: "quote-mismatch", ...name },
      AUDIT_SETTINGS.quoteMismatch,
    );
    // Half an hour each of three hours: in the second all agrees, in the others one of a hundred differs, once three in a row.
    for (let i = 0; i < 3 * 18_000; i++) {
      const hour = Math.floor(i / 18_000);
      const within = i % 18_000;
      const isLongest = hour !== 1 && within >= 9000 && within < 9003;
      const differs = hour !== 1 && (within % 100 === 50 || isLongest);
      const localUs = DAY + hour * HOUR_US + within * 1e5;
      mismatch.add(localUs, differs ? "unequal" : "all");
    }
    const longest = [0, 2].map((hour) => {
      const startUs = DAY + hour * HOUR_US + 900e6;
      return [startUs, startUs + 0.3e6];
    });
    expect(mismatch.finish(COVERED).findings).toMatchObject([
      { firstUs: longest[0]![0], spans: longest },
    ]);
  });

  test("what agrees by chance for a moment does not end a run, and what differs half of the time is none", () => {
    const isIn = (i: number): boolean => i >= 5000 && i < 5060;
    const byChance = (i: number): boolean => i >= 5025 && i < 5029;
    expect(play((i) => (isIn(i) && !byChance(i) ? "unequal" : "all")).findings[0]!.spans).toEqual([
      [DAY + 500e6, DAY + 506e6],
    ]);
    const apart = (i: number): boolean => i >= 5025 && i < 5031;
    expect(play((i) => (isIn(i) && !apart(i) ? "prices" : "all")).findings).toEqual([]);
    expect(play((i) => (isIn(i) && i % 2 === 0 ? "prices" : "all")).findings).toEqual([]);
  });
});
