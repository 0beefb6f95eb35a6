import { CONNECTION_SCRIPT } from "./script-connection.js";
import { DRAW_SCRIPT } from "./script-draw.js";
import { FIGURES_SCRIPT } from "./script-figures.js";
import { VIEW_SCRIPT } from "./script-view.js";

/** What the page begins with, before its stream says anything. */
const BEGIN = `
const first = JSON.parse(document.getElementById("first").textContent);
let course = first.equity;
let title = document.title;
let isPaused = false;
`;

/** The live page's only script: it is the same for every run, so that its hash can stand in the content policy. */
export const PAGE_SCRIPT: string = `(() => {
"use strict";
${DRAW_SCRIPT}${FIGURES_SCRIPT}${BEGIN}${VIEW_SCRIPT}${CONNECTION_SCRIPT}})();`;
