import { expect, test } from "vitest";
import { type ColourRole, DARK, DARK_OF_LIGHT, faded, LIGHT } from "./palette.js";
import { BAND } from "./scheme.js";

test("text in each scheme stands out from its grounds by at least 4.5 to 1", () => {
  for (const scheme of [LIGHT, DARK] as Readonly<Record<ColourRole, string>>[]) {
    for (const role of ["text", "muted", "bid"] as const) {
      for (const ground of ["ground", "soft"] as const) {
        expect(contrast(scheme[role], scheme[ground])).toBeGreaterThanOrEqual(4.5);
      }
    }
  }
  for (const band of Object.values(BAND)) {
    expect(contrast("#ffffff", band)).toBeGreaterThanOrEqual(4.5);
  }
});

test("a light colour has one dark counterpart, whichever role it is used in", () => {
  for (const role of Object.keys(LIGHT) as ColourRole[]) {
    expect(DARK_OF_LIGHT[LIGHT[role]]).toBe(DARK[role]);
  }
});

test("a faded colour keeps its hue and adds its opacity", () => {
  expect(faded("#0072b2", 0)).toBe("#0072b200");
  expect(faded("#0072b2", 1)).toBe("#0072b2ff");
});

/** Contrast ratio of two colours, WCAG 2.2. */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

function luminance(colour: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
