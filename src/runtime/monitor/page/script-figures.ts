/** Client script, part 2: the account's course against its floors, and the distribution of latencies. */
export const FIGURES_SCRIPT = `
const pathOf = (points, x, y, isStep) => {
  let path = "";
  let isOpen = false;
  for (const [at, value] of points) {
    if (!isNumber(value)) { isOpen = false; continue; }
    const [px, py] = [x(at).toFixed(1), y(value).toFixed(1)];
    path += !isOpen ? "M" + px + " " + py : isStep ? "H" + px + "V" + py : "L" + px + " " + py;
    isOpen = true;
  }
  return path;
};

/** The course with the account as it is now at its end. */
const wholeCourse = (course, account) => {
  const points = course.atUs.map((at, i) =>
    [at, course.equityUsd[i], course.dailyFloorUsd[i], course.maximumFloorUsd[i], course.phaseNumber[i]]);
  const last = points.at(-1);
  if (isNumber(account.atUs) && isNumber(account.equityUsd) && (!last || account.atUs > last[0])) {
    points.push([account.atUs, account.equityUsd, account.dailyFloorUsd, account.maximumFloorUsd, account.phaseNumber]);
  }
  return points;
};

/** A course that goes on with the account as it is told between two whole courses, which come less often. */
const lengthened = (course, account) => {
  const points = wholeCourse(course, account);
  const column = (i) => points.map((point) => point[i]);
  const phases = [...course.phases];
  phases[account.phaseNumber] = account.phase;
  return { atUs: column(0), equityUsd: column(1), dailyFloorUsd: column(2), maximumFloorUsd: column(3), phaseNumber: column(4), phases };
};

/** Points of each phase: with one the account begins anew, and nothing falls or rises from one to the next. */
const byPhase = (points) => {
  const found = [];
  for (const point of points) {
    if (found.length === 0 || found.at(-1)[0][4] !== point[4]) found.push([]);
    found.at(-1).push(point);
  }
  return found;
};

const drawEquity = (place, points, account, phases) => {
  const width = Math.max(280, place.clientWidth);
  const isNarrow = width < 620;
  if (points.length === 0) return place.replaceChildren(make("p", { class: "note" }, "No equity has been recorded yet."));
  const [left, right, top, height, gap, under] = [isNarrow ? 58 : 70, isNarrow ? 84 : 168, phases.length > 1 ? 24 : 10, isNarrow ? 230 : 300, 26, 64];
  const [low, high] = [points[0][0], Math.max(points.at(-1)[0], points[0][0] + 1)];
  const x = (at) => left + ((at - low) / (high - low)) * (width - left - right);
  const lines = [account.initialUsd, account.targetUsd].filter(isNumber);
  const values = points.flatMap((point) => point.slice(1, 4)).filter(isNumber).concat(lines);
  const span = Math.max(Math.max(...values) - Math.min(...values), 1);
  const [bottom, ceiling] = [Math.min(...values) - 0.05 * span, Math.max(...values) + 0.05 * span];
  const y = (value) => top + ((ceiling - value) / (ceiling - bottom)) * height;
  const edge = width - right;
  const parts = [];
  for (const value of roundTicks(bottom, ceiling, isNarrow ? 4 : 6)) {
    parts.push(draw("line", { class: "grid", x1: left, x2: edge, y1: y(value), y2: y(value) }));
    parts.push(draw("text", { class: "tick", x: left - 8, y: y(value) + 4, "text-anchor": "end" }, number(value)));
  }
  const split = byPhase(points);
  const begins = split.map((own) => x(own[0][0]));
  for (const own of split) parts.push(...belowFloors(own, x, y, top + height));
  // The target is the present phase's; the capital is that of all.
  for (const [name, value, from] of [["initial", account.initialUsd, left], ["target", account.targetUsd, begins.at(-1)]]) {
    if (isNumber(value)) parts.push(draw("line", { class: name, x1: from, x2: edge, y1: y(value), y2: y(value) }));
  }
  for (const [name, k, isStep] of [["maximum", 3, true], ["daily", 2, true], ["equity", 1, false]]) {
    const path = split.map((own) => pathOf(own.map((point) => [point[0], point[k]]), x, y, isStep)).join("");
    parts.push(draw("path", { class: name, d: path }));
  }
  for (const [i, at] of phases.length > 1 ? begins.entries() : []) {
    if (i > 0) parts.push(draw("line", { class: "phase", x1: at, x2: at, y1: top - 14, y2: top + height + gap + under }));
    const until = begins[i + 1] ?? width;
    const name = phases[split[i][0][4]] ?? "";
    if (until - at > 7 * name.length + 8) parts.push(draw("text", { class: "tick", x: at + 5, y: top - 6 }, name));
  }
  const now = points.at(-1);
  parts.push(draw("circle", { class: "now", cx: x(now[0]), cy: y(now[1]), r: 3.5 }));
  const labels = [["equity", now[1]], ["daily floor", now[2]], ["maximum floor", now[3]], ["target", account.targetUsd], ["initial capital", account.initialUsd]]
    .filter(([, value]) => isNumber(value))
    .map(([name, value]) => ({ y: y(value) + 4, text: isNarrow ? name.split(" ")[0] : name + " " + number(value, name === "equity" ? 2 : 0) }));
  for (const label of apart(labels, 14, top + 8, top + height)) parts.push(draw("text", { x: edge + 8, y: label.y }, label.text));
  drawDrawdown(parts, split, { x, left, edge, at: top + height + gap, height: under, isNarrow });
  const base = top + height + gap + under;
  const { ticks, text } = timeTicks(low, high, isNarrow ? 3 : Math.max(3, Math.floor((edge - left) / 130)));
  for (const at of ticks) {
    parts.push(draw("line", { class: "grid", x1: x(at), x2: x(at), y1: base, y2: base + 4 }));
    parts.push(draw("text", { class: "tick", x: x(at), y: base + 17, "text-anchor": "middle" }, text(at)));
  }
  place.replaceChildren(draw("svg", { height: base + 24, viewBox: "0 0 " + width + " " + (base + 24), "aria-hidden": "true" }, parts));
};

/** What lies below the higher floor. */
const belowFloors = (points, x, y, base) => {
  const floors = points.map(([at, , daily, maximum]) => [at, Math.max(daily ?? -Infinity, maximum ?? -Infinity)]).filter(([, value]) => isNumber(value));
  if (floors.length === 0) return [];
  return [draw("path", { class: "below", d: pathOf(floors, x, y, true) + "V" + base + "H" + x(floors[0][0]).toFixed(1) + "Z" })];
};

/** Fall of equity from its highest so far, in %. */
const fallOf = (points) => {
  let peak = -Infinity;
  return points.map(([when, equity]) => {
    peak = Math.max(peak, equity);
    return [when, peak > 0 ? (100 * (equity - peak)) / peak : 0];
  });
};
const drawDrawdown = (parts, split, { x, left, edge, at, height, isNarrow }) => {
  const falls = split.map(fallOf);
  const worst = Math.min(-0.01, ...falls.flat().map(([, value]) => value));
  const y = (value) => at + (value / worst) * height;
  parts.push(draw("line", { class: "grid", x1: left, x2: edge, y1: at, y2: at }));
  const area = falls.map((fall) => pathOf(fall, x, y, false) + "V" + at + "H" + x(fall[0][0]).toFixed(1) + "Z").join("");
  parts.push(draw("path", { class: "drawdown", d: area }));
  parts.push(draw("text", { class: "tick", x: left - 8, y: at + 4, "text-anchor": "end" }, "0 %"));
  parts.push(draw("text", { class: "tick", x: left - 8, y: at + height, "text-anchor": "end" }, significant(worst, 2) + " %"));
  const last = falls.at(-1).at(-1)[1];
  parts.push(draw("text", { x: edge + 8, y: y(last) + 4 }, isNarrow ? "drawdown" : "drawdown " + significant(last, 2) + " %"));
};

const LIMIT_US = 5000;
const tick = (us) => us < 1000 ? number(us) + " µs" : us < 1e6 ? number(us / 1000) + " ms" : number(us / 1e6) + " s";
const drawLatency = (place, series) => {
  const width = Math.max(260, place.clientWidth);
  const filled = series.filter(({ view }) => view.count > 0);
  if (filled.length === 0) return place.replaceChildren(make("p", { class: "note" }, "Nothing has been measured yet."));
  const [left, right, top, height] = [46, 14, 20, 150];
  const edges = filled.flatMap(({ view }) => view.upToUs).concat(LIMIT_US);
  const [low, high] = [Math.floor(Math.log10(Math.min(...edges) / 1.3)), Math.ceil(Math.log10(Math.max(...edges) * 1.05))];
  const x = (us) => left + ((Math.log10(Math.max(us, 10 ** low)) - low) / (high - low)) * (width - left - right);
  const y = (share) => top + (1 - share) * height;
  const parts = [0, 0.5, 1].flatMap((share) => [
    draw("line", { class: "grid", x1: left, x2: width - right, y1: y(share), y2: y(share) }),
    draw("text", { class: "tick", x: left - 8, y: y(share) + 4, "text-anchor": "end" }, 100 * share + " %"),
  ]);
  const each = (high - low) > Math.floor((width - left) / 60) ? 2 : 1;
  for (let power = low; power <= high; power += each) {
    const anchor = power === high ? "end" : "middle";
    parts.push(draw("text", { class: "tick", x: x(10 ** power), y: top + height + 17, "text-anchor": anchor }, tick(10 ** power)));
  }
  parts.push(draw("line", { class: "limit", x1: x(LIMIT_US), x2: x(LIMIT_US), y1: top, y2: top + height }));
  parts.push(draw("text", { class: "tick", x: x(LIMIT_US), y: top - 6, "text-anchor": "middle" }, "5 ms"));
  for (const { name, view } of filled) {
    let below = 0;
    const steps = [[view.upToUs[0] / 1.122, 0]];
    view.upToUs.forEach((us, i) => { below += view.counts[i]; steps.push([us, below / view.count]); });
    steps.push([10 ** high, 1]);
    parts.push(draw("path", { class: name, d: pathOf(steps, x, y, true) }));
  }
  const total = top + height + 24;
  place.replaceChildren(draw("svg", { height: total, viewBox: "0 0 " + width + " " + total, "aria-hidden": "true" }, parts));
};
`;
