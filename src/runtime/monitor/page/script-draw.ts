/** Client script, part 1: texts, tables and drawing. Whatever comes from data goes in as text, never as markup. */
export const DRAW_SCRIPT = `
const byId = (id) => document.getElementById(id);
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const say = (node, text) => { if (node.textContent !== text) node.textContent = text; };

const formats = new Map();
const number = (value, digits = 0) => {
  if (!isNumber(value)) return "–";
  if (!formats.has(digits)) {
    formats.set(digits, new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  }
  const text = formats.get(digits).format(value);
  return /[1-9]/.test(text) ? text.replace("-", "−") : text.replace("-", "");
};
const signed = (value, digits = 0) => (isNumber(value) && value > 0 ? "+" : "") + number(value, digits);
const significant = (value, digits) => {
  if (!isNumber(value)) return "–";
  if (value === 0) return "0";
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))));
  return number(value, Math.min(places, 8));
};
const price = (value) => number(value, Math.abs(value) >= 1000 ? 2 : Math.abs(value) >= 1 ? 4 : 6);
const usd = (value) => number(value, Math.abs(value) < 100 ? 2 : 0);
const isoOf = (ms) => {
  const date = new Date(ms);
  return isNumber(ms) && !Number.isNaN(date.getTime()) ? date.toISOString() : "";
};
const timeOf = (ms) => isoOf(ms).slice(11, 19) || "–";
const dateTimeOf = (ms) => isoOf(ms).slice(0, 19).replace("T", " ") || "–";
const marketTime = (us) => dateTimeOf(us === null ? Number.NaN : us / 1000);
const microseconds = (us) => {
  if (!isNumber(us)) return "–";
  if (us < 1000) return significant(us, 3) + " µs";
  return us < 1e6 ? significant(us / 1000, 3) + " ms" : significant(us / 1e6, 3) + " s";
};
const duration = (ms) => {
  if (!isNumber(ms)) return "–";
  if (ms < 10000) return number(ms / 1000, 1) + " s";
  if (ms < 120000) return number(ms / 1000) + " s";
  return ms < 7200000 ? number(ms / 60000) + " min" : number(ms / 3600000, 1) + " h";
};

/** An element of the page, or with a namespace of a drawing; attributes come from this script alone. */
const make = (name, attributes, children) => fill(document.createElement(name), attributes, children);
const draw = (name, attributes, children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
const fill = (node, attributes = {}, children = []) => {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...[].concat(children));
  return node;
};

/** A cell: its text, its class, and a shape before it that is drawn in the class's colour. */
const cell = (text, kind = "", shape = "") => ({ text: String(text), kind, shape });
const sideCell = (side) => side > 0 ? cell("buy", "short buy", "▲") : side < 0 ? cell("sell", "short sell", "▼") : cell("none", "short none", "–");
const amount = (value) => significant(value, 5);

const shown = new Map();
/** Puts rows into a table where they differ from what stands there, so that a selection or a scroll is not lost. */
const rowsInto = (id, rows, empty) => {
  const now = JSON.stringify(rows);
  if (shown.get(id) === now) return;
  shown.set(id, now);
  const body = byId(id).tBodies[0];
  const columns = byId(id).tHead.rows[0].cells.length;
  const lines = rows.map((row) => make("tr", {}, row.map(({ text, kind, shape }) =>
    make("td", kind ? { class: kind } : {}, shape ? [make("span", { class: "shape", "aria-hidden": "true" }, shape), " " + text] : text))));
  body.replaceChildren(...(lines.length > 0 ? lines : [make("tr", {}, make("td", { class: "empty", colspan: columns }, empty))]));
};

/** Values for an axis: about so many, each a round number. */
const roundTicks = (low, high, count) => {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((value) => value >= rough);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(i * step);
  return ticks;
};
const TIME_STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 2592000].map((s) => 1e6 * s);
const timeTicks = (low, high, count) => {
  const step = TIME_STEPS.find((value) => value >= (high - low) / count) ?? TIME_STEPS.at(-1) * Math.ceil((high - low) / count / TIME_STEPS.at(-1));
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(i * step);
  return { ticks, text: (us) => step >= 86400e6 ? isoOf(us / 1000).slice(5, 10)
    : high - low > 86400e6 ? isoOf(us / 1000).slice(5, 16).replace("T", " ") : isoOf(us / 1000).slice(11, step < 60e6 ? 19 : 16) };
};
/** Heights for labels near those they were wished at, none on top of another. */
const apart = (labels, gap, low, high) => {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  for (let i = 0; i < sorted.length; i++) {
    const least = i === 0 ? low : sorted[i - 1].y + gap;
    sorted[i].y = Math.max(sorted[i].y, least);
  }
  for (let i = sorted.length - 1; i >= 0; i--) {
    const most = i === sorted.length - 1 ? high : sorted[i + 1].y - gap;
    sorted[i].y = Math.min(sorted[i].y, most);
  }
  return sorted;
};
`;
