import { expect, test } from "vitest";
import { DataError, OptionError } from "../../core/errors.js";
import { START_US } from "../../features/test-market.js";
import { requireLater } from "./require-later.js";

const { signal } = new AbortController();
const settings = { run: "test" };

/** A database that cannot be asked. */
const away = (name: "up" | "down") =>
  ({
    state: { name, reason: "", atMs: 0 },
    ask: async () => {
      throw new DataError({ message: "the journal's database is down" });
    },
  }) as never;

/** A stream that begins at a time. */
const source = (beginUs: number) => ({
  beginsBefore: async (untilUs: number) => (beginUs < untilUs ? beginUs : undefined),
});

test("while the database is away, this machine's own state says how far a run has come", async () => {
  const asked = { settings, signal };
  const early = { ...asked, source: source(START_US - 1) };
  const refused = requireLater(early, away("down"), START_US);
  await expect(refused).rejects.toThrow(OptionError);
  await expect(refused).rejects.toThrow(/^--name: was "test", a run that has come to .*; give an/);
  await requireLater({ ...asked, source: source(START_US) }, away("down"), START_US);
  await requireLater(early, away("down"), Number.NEGATIVE_INFINITY);
  await expect(requireLater(early, away("up"), START_US)).rejects.toThrow("is down");
});

test("a feed that can be rewound is asked nothing", async () => {
  await requireLater({ settings, signal, source: {} }, away("up"), START_US);
});
