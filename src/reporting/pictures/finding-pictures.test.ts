import { afterAll, beforeAll, expect, test } from "vitest";
import type { LocatedFinding } from "../../audit/audit.js";
import { CHECK_NAMES, type Span } from "../../audit/finding.js";
import { dayStartUs, HOUR_US, SECOND_US } from "../../core/time.js";
import { AUDITED_TYPES, type AuditedType } from "../../store/audited-types.js";
import type { Store } from "../../store/store.js";
import { MAX_POINTS } from "../downsample.js";
import { findingTicksFigure } from "../figures/finding-ticks.js";
import { sampleFinding } from "../test-audit-samples.js";
import { findingPictures } from "./finding-pictures.js";
import type { FindingPicture } from "./picture.js";
import { DAY, FIRST_US, LAST_US, NOTHING, TRADES_ONLY, tickStore } from "./test-ticks.js";

let store: Store;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ store, remove } = await tickStore());
});

afterAll(() => remove());

const STRETCH: Span = [FIRST_US + 300 * SECOND_US, FIRST_US + 330 * SECOND_US];
const MOMENT: Span = [FIRST_US + 400 * SECOND_US, FIRST_US + 400 * SECOND_US];
const DAY_SPAN: Span = [dayStartUs(DAY.date), dayStartUs(DAY.date) + 24 * HOUR_US];

/** Types of which a check can find something, the first of them the likeliest. */
function typesOf(check: LocatedFinding["check"]): readonly AuditedType[] {
  if (check === "source-mismatch") return ["candles"];
  if (check === "quote-mismatch" || check === "snapshot-mismatch") return ["incremental_book_L2"];
  if (check === "regime-break") return ["incremental_book_L2", "quotes", "book_snapshot_5"];
  return AUDITED_TYPES.filter((type) => type !== "book_snapshot_25");
}

function finding(more: Partial<LocatedFinding>): LocatedFinding {
  return sampleFinding("gap", { symbol: DAY.symbol, date: DAY.date, spans: [STRETCH], ...more });
}

async function pictureOf(one: LocatedFinding): Promise<FindingPicture> {
  const [picture] = await findingPictures(store, DAY, [one]);
  return picture!;
}

function drawn({ panels }: FindingPicture): boolean {
  return panels.some(
    ({ series, candles }) =>
      candles !== undefined || series.some(({ timesUs }) => timesUs.length > 0),
  );
}

test.each(CHECK_NAMES)(
  "%s has a picture for every type, for a stretch, a row and a whole day",
  async (check) => {
    for (const type of typesOf(check)) {
      for (const span of [STRETCH, MOMENT, DAY_SPAN]) {
        const picture = await pictureOf(
          finding({ check, type, spans: [span], detail: "the spread rises" }),
        );
        expect([check, type, span, drawn(picture)]).toEqual([check, type, span, true]);
        expectWhole(picture);
      }
    }
  },
);

test.each(CHECK_NAMES)(
  "%s has a picture where there is no book, and where nothing is stored",
  async (check) => {
    for (const { symbol } of [TRADES_ONLY, NOTHING]) {
      for (const type of typesOf(check)) {
        expectWhole(await pictureOf(finding({ check, type, symbol })));
      }
    }
  },
);

/** A figure that can be shown: words without holes, numbers that survive JSON, and the place within the drawing. */
function expectWhole(picture: FindingPicture): void {
  const { title, subtitle, alt, n, data, layout } = findingTicksFigure(picture);
  expect(`${title} ${subtitle} ${alt} ${n}`).not.toMatch(/NaN|undefined|Infinity|\[object/);
  expect(alt).toMatch(/\.$/);
  expect(JSON.stringify(layout)).not.toMatch(/NaN|Infinity|Invalid/);
  expect(data.length).toBeGreaterThan(0);
  for (const { x } of data) expect((x as unknown[]).length).toBeLessThanOrEqual(MAX_POINTS);
  expect(picture.window.fromUs).toBeLessThanOrEqual(picture.place[1]);
  expect(picture.window.toUs).toBeGreaterThanOrEqual(picture.place[0]);
  expect(picture.window.toUs).toBeGreaterThan(picture.window.fromUs);
}

test("a gap's own line breaks off in it, another type's goes on", async () => {
  const silent: Span = [FIRST_US + 300 * SECOND_US, FIRST_US + 301 * SECOND_US];
  const own = await pictureOf(finding({ type: "quotes", spans: [silent] }));
  const others = await pictureOf(finding({ type: "trades", spans: [silent] }));
  const hasHole = ({ panels }: FindingPicture): boolean =>
    panels[0]!.series.some(({ name, values }) => name === "bid" && values.some(Number.isNaN));
  expect([hasHole(own), hasHole(others)]).toEqual([true, false]);
});

test("rows that were found are circled, and no others", async () => {
  for (const check of ["duplicate", "outlier", "trade-outside-book"] as const) {
    const { panels } = await pictureOf(finding({ check, type: "trades", spans: [MOMENT] }));
    expect([...panels[0]!.circled!.timesUs]).toEqual([MOMENT[0]]);
  }
  const { panels } = await pictureOf(finding({ check: "gap", type: "trades", spans: [MOMENT] }));
  expect([...panels[0]!.circled!.timesUs]).toEqual([]);
});

test("clocks are drawn as delays, a regime as what broke, candles as candles with their volume", async () => {
  const axes = async (more: Partial<LocatedFinding>): Promise<readonly string[]> =>
    (await pictureOf(finding(more))).panels.map(({ axis }) => axis);
  const [delay] = await axes({ check: "clock-offset", type: "quotes" });
  expect(delay).toBe("delay (ms)");
  const book = { check: "regime-break", type: "incremental_book_L2" } as const;
  expect(await axes({ ...book, detail: "the depth falls" })).toEqual(["depth (base coin)"]);
  const both = await axes({ ...book, detail: "the spread rises; the depth falls" });
  expect(both).toEqual(["spread (bps)", "depth (base coin)"]);
  expect(await axes({ check: "gap", type: "candles" })).toEqual([
    "price (quote currency)",
    "volume (base coin)",
  ]);
});

test("a delay is the local time less the exchange's, each message once", async () => {
  const { panels, n } = await pictureOf(
    finding({ check: "clock-offset", type: "trades", spans: [[FIRST_US, LAST_US]] }),
  );
  expect(n).toBe("450 messages");
  expect([...new Set(panels[0]!.series[0]!.values)]).toEqual([5]);
});

test("quotes that agree in price with the book are drawn by their amounts", async () => {
  const { panels } = await pictureOf(
    finding({ check: "quote-mismatch", type: "incremental_book_L2" }),
  );
  expect(panels[0]!.axis).toBe("amount (base coin)");
  expect(panels[0]!.series.map(({ name }) => name)).toEqual([
    "book's ask amount",
    "book's bid amount",
    "quoted ask amount",
    "quoted bid amount",
  ]);
});

test("pictures are numbered in the order of their findings", async () => {
  const pictures = await findingPictures(store, DAY, [finding({}), finding({ check: "order" })]);
  expect(pictures.map(({ rank, finding: { check } }) => [rank, check])).toEqual([
    [1, "gap"],
    [2, "order"],
  ]);
});
