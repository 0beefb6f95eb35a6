import { expect, test } from "vitest";
import { CHECK_NAMES, type Span } from "../../audit/finding.js";
import { CHECK_GROUPS, CHECK_MARKS } from "../check-words.js";
import type { Figure } from "../figure.js";
import { findingSentence } from "../finding-sentence.js";
import type { FindingPicture } from "../pictures/picture.js";
import { sampleFinding, samplePicture } from "../test-audit-samples.js";
import { findingTicksFigure } from "./finding-ticks.js";

const shapesOf = ({ layout }: Figure): readonly Readonly<Record<string, unknown>>[] =>
  layout["shapes"] as readonly Readonly<Record<string, unknown>>[];

test("a line of very many points keeps its lowest and highest, and its hole", () => {
  const picture = samplePicture(sampleFinding("gap"));
  const [panel] = picture.panels;
  const bid = panel!.series[0]!;
  const values = bid.values.map((value, i) => (i === 1234 ? 500 : i === 4321 ? -500 : value));
  const series = [{ ...bid, values }];
  const { data } = findingTicksFigure({ ...picture, panels: [{ ...panel!, series }] });
  const drawn = data[0]!["y"] as readonly (number | null)[];
  expect(drawn.length).toBeLessThan(values.length / 2);
  expect(drawn).toContain(500);
  expect(drawn).toContain(-500);
  expect(drawn).toContain(null);
});

test("dots are sized by the root of their amount, the largest ones among them", () => {
  const picture = samplePicture(sampleFinding("outlier"));
  const amounts = picture.panels[0]!.series[2]!.amounts!;
  const { data } = findingTicksFigure(picture);
  const dots = data.find(({ name }) => name === "buy")!;
  const sizes = (dots["marker"] as { readonly size: readonly number[] }).size;
  const drawn = dots["customdata"] as readonly number[];
  const largest = amounts.reduce((a, b) => Math.max(a, b), 0);
  expect(Math.max(...drawn)).toBeCloseTo(largest, 6);
  expect(sizes[drawn.indexOf(Math.max(...drawn))]).toBe(18);
  const i = drawn.findIndex((amount) => amount < largest / 4);
  expect(sizes[i]).toBeCloseTo(3 + 15 * Math.sqrt(drawn[i]! / largest), 1);
});

test("stretches are shaded grounds, single rows are lines; both are named beside the drawing", () => {
  const places: readonly Span[] = [
    [START, START + 5e6],
    [START + 20e6, START + 20e6],
  ];
  const picture: FindingPicture = samplePicture(
    sampleFinding("gap", { spans: places, firstUs: START }),
  );
  const figure = findingTicksFigure(picture);
  expect(shapesOf(figure).map(({ type }) => type)).toEqual(["rect", "line"]);
  expect(JSON.stringify(figure.layout["annotations"])).toContain("silence · 5.0 s");
});

const START = samplePicture(sampleFinding("gap")).place[0];

test("the title is the finding as a numbered sentence with its market and day; n and alt say how much and what", () => {
  const finding = sampleFinding("gap");
  const { title, alt, n, subtitle } = findingTicksFigure(samplePicture(finding));
  expect(title).toBe("1. BTCUSDT, 2024-03-01: trades fell silent 2 times, for 30.0 s in all");
  expect(subtitle).toMatch(
    /; 2024-03-01 04:59:00 to 05:01:10 UTC; 1 more of its places lie elsewhere$/,
  );
  expect(alt).toMatch(/^Marked "silence": 10.0 s from 05:00:00 on/);
  expect(n).toBe("7000 states");
});

test("what was found is circled, in a shape that nothing else has", () => {
  const { data } = findingTicksFigure(samplePicture(sampleFinding("outlier")));
  const symbols = data.map((trace) => (trace["marker"] as { symbol?: string } | undefined)?.symbol);
  expect(symbols.filter((symbol) => symbol === "circle-open")).toHaveLength(1);
});

test("every check has words, a sentence, and a mark of its own within its group", () => {
  const marks = CHECK_NAMES.map((check) => CHECK_MARKS[check]);
  expect(new Set(marks.map(({ shape }) => shape)).size).toBe(CHECK_NAMES.length);
  for (const [i, check] of CHECK_NAMES.entries()) {
    expect(CHECK_GROUPS).toContain(marks[i]!.group);
    expect(marks[i]!.words).toMatch(/^[a-z ]+$/);
    for (const type of ["trades", "incremental_book_L2", "candles"] as const) {
      for (const count of [1, 3]) {
        const said = findingSentence(sampleFinding(check, { type, count, value: count }));
        expect(said).toMatch(/^BTCUSDT, 2024-03-01: \S+ \S+/);
        expect(said).not.toMatch(
          /NaN|undefined|\b1 [a-z]+s\b(?! a)|\b3 (row|trade(?! ids)|message|state|minute|place|candle)\b/,
        );
      }
    }
  }
});
