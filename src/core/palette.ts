/**
 * The colours of reports, figures and pages: one meaning each, the same everywhere, safe for colour-blind readers.
 * Figures are written in the light colours; `darkColour` turns a light one into its dark counterpart, which works
 * because no two roles that share a light colour differ in the dark one.
 */
export const LIGHT = {
  text: "#1c2330",
  muted: "#5b6575",
  line: "#d9dee7",
  ground: "#ffffff",
  bid: "#0072b2",
  ask: "#d55e00",
  good: "#009e73",
  usable: "#e69f00",
  bad: "#c0392b",
  undecided: "#7a869a",
  model: "#6c4bb6",
  baseline: "#5b6575",
  attainable: "#009e73",
  chance: "#9aa5b8",
  BTC: "#f08c00",
  ETH: "#4c6ef5",
  SOL: "#12b886",
  soft: "#f4f6fa",
} as const;

/** What a colour stands for. */
export type ColourRole = keyof typeof LIGHT;

/** The same roles on the dark ground. */
export const DARK: Readonly<Record<ColourRole, string>> = {
  text: "#e6eaf2",
  muted: "#9aa5b8",
  line: "#2b3444",
  ground: "#10151f",
  bid: "#56b4e9",
  ask: "#e69f00",
  good: "#2fbf95",
  usable: "#f0b84a",
  bad: "#e8695b",
  undecided: "#7a869a",
  model: "#a78bfa",
  baseline: "#9aa5b8",
  attainable: "#2fbf95",
  chance: "#5b6575",
  BTC: "#ffa94d",
  ETH: "#91a7ff",
  SOL: "#63e6be",
  soft: "#171e2b",
};

/** Dark colour of each light one, for the page's script. */
export const DARK_OF_LIGHT: Readonly<Record<string, string>> = Object.fromEntries(
  (Object.keys(LIGHT) as ColourRole[]).map((role) => [LIGHT[role], DARK[role]]),
);

/** A colour with its opacity in [0, 1] as two more hexadecimal digits. */
export function faded(colour: string, opacity: number): string {
  return `${colour}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, "0")}`;
}

/** Colour of a symbol's coin; other symbols take the model's colour. */
export function coinColour(coin: string): string {
  return coin === "BTC" || coin === "ETH" || coin === "SOL" ? LIGHT[coin] : LIGHT.model;
}

/** Diverging scale: bid colour, neutral, ask colour, to be centred at 0. */
export const DIVERGING: readonly (readonly [number, string])[] = [
  [0, LIGHT.ask],
  [0.5, LIGHT.soft],
  [1, LIGHT.bid],
];

/** Sequential scale: one hue from the ground to the text, on which the colours of buy and sell stand out. */
export const SEQUENTIAL: readonly (readonly [number, string])[] = [
  [0, LIGHT.soft],
  [0.55, LIGHT.chance],
  [0.85, LIGHT.muted],
  [1, LIGHT.text],
];

/** Marks that tell series apart without colour. */
export const MARK_SHAPES: readonly string[] = [
  "circle",
  "diamond",
  "square",
  "triangle-up",
  "cross",
];
