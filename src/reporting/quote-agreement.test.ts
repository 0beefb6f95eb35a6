import { expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { HOUR_US } from "../core/time.js";
import { quoteAgreementFigure } from "./figures/quote-agreement.js";
import { type QuoteAgreements, quoteAgreement } from "./quote-agreement.js";
import { sampleAudit, sampleHour } from "./test-audit-samples.js";
import { START_US } from "./test-market-samples.js";

const hour = (
  at: number,
  compared: number,
  pricesEqual: number,
  allEqual: number,
): ReturnType<typeof sampleHour> =>
  sampleHour(at, { type: "incremental_book_L2", quotes: { compared, pricesEqual, allEqual } });

function agreement(...hours: ReturnType<typeof sampleHour>[]): QuoteAgreements {
  const found = quoteAgreement({ ...sampleAudit(), hours });
  if (isShortfall(found)) throw new Error(found.what);
  return found;
}

test("shares are those of each hour's states; hours and symbols without any are left out", () => {
  const { bySymbol, law } = agreement(hour(0, 1000, 999, 900), sampleHour(1), hour(3, 10, 10, 10));
  expect(bySymbol.map(({ symbol }) => symbol)).toEqual(["BTCUSDT"]);
  expect([...bySymbol[0]!.hourUs]).toEqual([START_US, START_US + 3 * HOUR_US]);
  expect([...bySymbol[0]!.pricesShare]).toEqual([0.999, 1]);
  expect([...bySymbol[0]!.allShare]).toEqual([0.9, 1]);
  expect([law.pricesShare, law.allShare]).toEqual([0.999, 0.94]);
});

test("nothing to compare is a shortfall, which says so", () => {
  expect(quoteAgreement({ ...sampleAudit(), hours: [sampleHour(0)] })).toMatchObject({
    kind: "shortfall",
    what: "hours with both a book and quotes",
    has: 0,
  });
});

test("the title weighs hours by their states, never rounds up to all, and counts the hours that break the law", () => {
  const { title } = quoteAgreementFigure(
    agreement(hour(0, 1_000_000, 999_999, 900_000), hour(1, 10, 10, 10)),
  );
  expect(title).toContain(">99.999 % of its states, and its amounts too in 90 %");
  expect(title).toMatch(/broken in 1 of 2 hours$/);
  const lawful = quoteAgreementFigure(agreement(hour(0, 10, 10, 10)));
  expect(lawful.title).toMatch(/100 % of its states.*the law holds in every hour$/);
});

test("each nine takes the same room, all states lie above, and a missing hour is a hole", () => {
  const { data } = quoteAgreementFigure(
    agreement(hour(0, 1000, 900, 900), hour(1, 1000, 990, 990), hour(5, 10, 10, 10)),
  );
  const [ninety, ninetyNine, hole, all] = data[0]!["y"] as readonly (number | null)[];
  expect([ninety, ninetyNine, hole]).toEqual([1, 2, null]);
  expect(all).toBeGreaterThan(4);
});
