import { expect, test } from "vitest";
import { FEATURES, NO_BOOK_BIT } from "./catalogue.js";
import { missingCause } from "./missing-cause.js";

const entry = (name: string) => FEATURES.find((feature) => feature.name === name)!;

test("what a source never shows is missing for its depth, whether or not a book was valid", () => {
  const noBook = 1n << BigInt(NO_BOOK_BIT);
  for (const valid of [0n, noBook]) {
    expect(missingCause(entry("obi_l20_decay"), valid, "book_snapshot_5")).toBe("no depth");
  }
  for (const source of ["incremental_book_L2", "book_snapshot_25"] as const) {
    expect(missingCause(entry("obi_l20_decay"), noBook, source)).toBe("no book");
  }
  expect(missingCause(entry("obi_l5"), noBook, "book_snapshot_5")).toBe("no book");
});

test("without any book, what needs one is missing for it; what needs trades, for them or for its warm-up", () => {
  const valid = 1n << BigInt(NO_BOOK_BIT);
  expect(missingCause(entry("obi_l20_decay"), valid, "trades")).toBe("no book");
  expect(missingCause(entry("tfi"), valid, "trades")).toBe("no trade");
  expect(missingCause(entry("log_ret_60"), valid, "book_snapshot_5")).toBe("warm-up");
});
