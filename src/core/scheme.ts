import { type ColourRole, DARK, LIGHT } from "./palette.js";

/** Grounds of the band that says what the data are; its text is white. */
export const BAND = { simulated: "#7a3d00", real: "#0b4f66", unknown: "#4a5262" } as const;

/** The palette as custom properties of a style rule: `--text: #1c2330; …`. */
export function colourVariables(colours: Readonly<Record<ColourRole, string>>): string {
  return (Object.keys(colours) as ColourRole[])
    .map((role) => `--${role}: ${colours[role]};`)
    .join(" ");
}

/** Style rules that give a page its colours: those the system asks for, or those the reader chose by `data-scheme`. */
export function schemeStyle(): string {
  return `
:root { ${colourVariables(LIGHT)} --simulated: ${BAND.simulated}; --real: ${BAND.real}; --unknown: ${BAND.unknown}; color-scheme: light; }
@media (prefers-color-scheme: dark) {
  :root:not([data-scheme="light"]) { ${colourVariables(DARK)} color-scheme: dark; }
}
:root[data-scheme="dark"] { ${colourVariables(DARK)} color-scheme: dark; }`;
}

/** Runs in the head, before anything is painted: the reader's choice of light or dark, where one was made. */
export const SCHEME_SCRIPT = `
try {
  const chosen = localStorage.getItem("tickbook-scheme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.scheme = chosen;
} catch {}`;
