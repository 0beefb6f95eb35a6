import { type Html, html } from "../core/html.js";

/** How a report, a check or a gate came out. */
export type Verdict = "pass" | "fail" | "undecided" | "not evaluated" | "good" | "usable" | "bad";

const SHAPES: Readonly<Record<Verdict, string>> = {
  pass: "●",
  good: "●",
  usable: "▲",
  undecided: "◆",
  "not evaluated": "◇",
  fail: "■",
  bad: "■",
};

/** Words and shapes of the seven verdicts; a verdict is never told by colour alone. */
export function verdictShape(verdict: Verdict): string {
  return SHAPES[verdict];
}

/** A verdict read from data; what is none of the seven counts as undecided. */
export function asVerdict(text: unknown): Verdict {
  return typeof text === "string" && Object.hasOwn(SHAPES, text) ? (text as Verdict) : "undecided";
}

/** A verdict as a badge: shape and word. */
export function verdictBadge(verdict: Verdict): Html {
  return html`<span class="badge ${verdict}"><span class="shape" aria-hidden="true">${SHAPES[verdict]}</span> ${verdict}</span>`;
}
