import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { MINUTE_US } from "../core/time.js";
import { FEATURES, NO_BOOK_BIT } from "./catalogue.js";
import { InputStream, type StoredRow } from "./input-stream.js";
import { KEPT, NO_BOOK } from "./row-rule.js";

const NAMES = ["close", "volume", "obi_l1", "quoted_spread_bps"];
const SETTINGS = { names: NAMES, barUs: MINUTE_US, labelKind: "mid" } as const;
const SOURCE = { hasTrades: true, tag: "incremental_book_L2" } as const;

/** Rows of a stream with missing values, missing books and gaps of some bars. */
function rowsOf(seed: number, count: number): StoredRow[] {
  const random = seededRandom(seed);
  let barEndUs = 1_700_000_040 * 1e6;
  return Array.from({ length: count }, () => {
    barEndUs += random.uniform() < 0.02 ? 5 * MINUTE_US : MINUTE_US;
    const hasBook = random.uniform() < 0.95;
    const values = new Map(
      FEATURES.map(({ name }) => [
        name,
        random.uniform() < 0.02 ? Number.NaN : 100 * Math.exp(0.01 * random.normal()),
      ]),
    );
    return {
      barEndUs,
      mid: hasBook ? 100 : Number.NaN,
      valid: hasBook ? 0n : 1n << BigInt(NO_BOOK_BIT),
      value: (name) => values.get(name)!,
    };
  });
}

function run(stream: InputStream, rows: readonly StoredRow[]): string[] {
  const out = new Float32Array(NAMES.length);
  return rows.map((row) => {
    const code = stream.next(row, out, 0);
    return `${code} ${stream.runRows} ${[...out].join(" ")}`;
  });
}

test("a stream that takes over a saved state goes on with the same bits, wherever it was cut", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 200 }), (seed, cut) => {
      const rows = rowsOf(seed, 200);
      const whole = run(new InputStream(SETTINGS, SOURCE), rows);
      const before = new InputStream(SETTINGS, SOURCE);
      run(before, rows.slice(0, cut));
      const after = new InputStream(SETTINGS, SOURCE);
      after.restore(JSON.parse(JSON.stringify(before.save())));
      expect(run(after, rows.slice(cut))).toEqual(whole.slice(cut));
    }),
    { seed: 1, numRuns: 20 },
  );
});

test("a run counts the rows since the last one at which no model may be asked, or since a gap", () => {
  const rows = rowsOf(3, 400);
  // Without the volume, which warms up for a day after each gap.
  const names = NAMES.filter((name) => name !== "volume");
  const stream = new InputStream({ ...SETTINGS, names }, SOURCE);
  const out = new Float32Array(names.length);
  let length = 0;
  let kept = 0;
  rows.forEach((row, i) => {
    const code = stream.next(row, out, 0);
    if (i > 0 && row.barEndUs - rows[i - 1]!.barEndUs !== MINUTE_US) length = 0;
    length = code === KEPT ? length + 1 : 0;
    kept += Number(code === KEPT);
    expect(stream.runRows).toBe(length);
  });
  expect(kept).toBeGreaterThan(100);
  expect(kept).toBeLessThan(400);
});

test("a row without a valid book is left out for labels on the mid, and not for those on the close", () => {
  const names = ["close"];
  const row = rowsOf(5, 200).find(({ mid }) => Number.isNaN(mid))!;
  const codeFor = (labelKind: "mid" | "close"): number => {
    const stream = new InputStream({ names, barUs: MINUTE_US, labelKind }, SOURCE);
    const known = { ...row, value: () => 100 };
    stream.next(
      { ...known, barEndUs: row.barEndUs - MINUTE_US, mid: 100, valid: 0n },
      new Float32Array(1),
      0,
    );
    return stream.next(known, new Float32Array(1), 0);
  };
  expect(codeFor("mid")).toBe(NO_BOOK);
  expect(codeFor("close")).toBe(KEPT);
});
