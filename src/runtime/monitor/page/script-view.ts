import { MOST_AHEAD_US, MOST_LAG_US } from "../health.js";

/** Client script, part 3: a state of the run put into the page. */
export const VIEW_SCRIPT: string = `
const WORDS = { blocked: "BLOCKED", halted: "HALTED", breached: "BREACH" };
const MEANING = {
  blocked: "no new positions until the reason is gone; exits go on",
  halted: "no new positions until an operator lifts it; exits go on",
  breached: "a floor was broken; no new positions in this account",
};

/** The floor that equity is below of now, in words; "" for none. No figure that moves: it would be read aloud each time. */
const brokenFloor = ({ equityUsd, dailyFloorUsd, maximumFloorUsd }) => {
  for (const [name, floor] of [["maximum", maximumFloorUsd], ["daily", dailyFloorUsd]]) {
    if (isNumber(equityUsd) && isNumber(floor) && equityUsd < floor) {
      return "equity is below the " + name + " floor of " + number(floor, 2) + " USD";
    }
  }
  return "";
};
const headroomOf = ({ equityUsd, dailyFloorUsd, maximumFloorUsd }) =>
  isNumber(equityUsd) && isNumber(dailyFloorUsd) && isNumber(maximumFloorUsd) ? equityUsd - Math.max(dailyFloorUsd, maximumFloorUsd) : null;

/** What an operator has to see first: a word and a sentence; undefined where all is free. */
const alarmOf = ({ standing, account }) => {
  const broken = brokenFloor(account);
  if (standing.standing === "free" && broken === "") return undefined;
  const kind = standing.standing === "free" || (broken && standing.standing !== "halted") ? "breached" : standing.standing;
  const since = isNumber(standing.sinceUs) && standing.standing !== "free" ? " since " + marketTime(standing.sinceUs) + " UTC" : "";
  return { word: WORDS[kind], text: (standing.reason || broken) + since + ": " + MEANING[kind] + "." };
};
/** As /health says. */
const MOST_LAG_US = ${MOST_LAG_US};
const MOST_AHEAD_US = ${MOST_AHEAD_US};
const warningsOf = ({ feeds, connection, journal, phase, wallMs }) => [
  ...feeds.filter(({ isStale }) => isStale).map(({ symbol, ageMs }) => "Feed of " + symbol + " is stale: no event since " + timeOf(wallMs - ageMs) + " UTC."),
  ...feeds.filter(({ isStale, isBookValid }) => !isStale && !isBookValid && phase === "running").map(({ symbol }) => "Book of " + symbol + " is not valid until its next snapshot."),
  ...(connection && connection.isLost && phase === "running" ? ["The connection to the exchange is lost; it is tried again."] : []),
  ...(connection && connection.lagUs > MOST_LAG_US && phase === "running" ? ["Events wait for the run, which decides too late."] : []),
  ...(connection && connection.aheadUs > MOST_AHEAD_US && phase === "running" ? ["The machine's clock was set back: the run's time goes at half pace until it is right again."] : []),
  ...(journal.isUp ? [] : ["Journal is down since " + timeOf(journal.sinceMs) + " UTC: no new positions, exits go into the local file."]),
];

const showNotice = (id, word, text) => {
  const node = byId(id);
  node.hidden = text === "";
  say(node.querySelector("strong"), word);
  say(node.querySelector("span"), text);
};
const showAlarms = (state) => {
  const alarm = alarmOf(state);
  const warnings = warningsOf(state);
  showNotice("alarm", alarm ? "■ " + alarm.word : "", alarm ? alarm.text : "");
  showNotice("warning", warnings.length > 0 ? "▲ LOOK" : "", warnings.join(" "));
  const mark = alarm ? alarm.word + " · " : warnings.length > 0 ? "LOOK · " : "";
  title = byId("band").dataset.title + " · " + mark + "run " + state.run + " · tickbook";
  return { alarm, warnings };
};

const showBadge = (kind, shape, word) => {
  const badge = byId("badge");
  badge.className = "badge " + kind;
  say(badge.querySelector(".shape"), shape);
  say(badge.querySelector(".word"), word);
};
/** Nobody knows how the run is: what was true is no verdict any more. */
const showUnknown = () => {
  showBadge("usable", "▲", "not known");
  const answer = byId("answer");
  if (!answer.textContent.startsWith("Last known: ")) say(answer, "Last known: " + answer.textContent);
};
const showAnswer = (state, { alarm, warnings }) => {
  const { account, phase } = state;
  const [kind, shape, word] = alarm ? ["bad", "■", alarm.word.toLowerCase()]
    : warnings.length > 0 ? ["usable", "▲", "look at it"]
    : phase === "running" ? ["good", "●", "within limits"]
    : phase === "ended" ? ["good", "●", "ended within limits"] : ["", "◆", "starting"];
  showBadge(kind, shape, word);
  const headroom = headroomOf(account);
  const fresh = state.feeds.filter(({ isStale }) => !isStale).length;
  const room = headroom === null ? "No equity is known yet" : "Equity is " + usd(Math.abs(headroom)) + (headroom < 0 ? " USD below a floor" : " USD above the nearer floor");
  const feeds = phase === "ended" ? "the run is over" : fresh + " of " + state.feeds.length + " feeds fresh";
  say(byId("answer"), room + ", " + feeds + ", journal " + (state.journal.isUp ? "up" : "down") + ".");
};

const showFacts = (state) => {
  const facts = {
    market: marketTime(state.marketUs), wall: timeOf(state.wallMs), speed: isNumber(state.speedRatio) ? significant(state.speedRatio, 3) + " ×" : "–",
    pace: number(state.eventsPerSecond), events: number(state.events), memory: number(state.memoryBytes / 1e6) + " MB",
    up: duration(state.wallMs - state.startedMs), phase: state.phase,
  };
  for (const [id, text] of Object.entries(facts)) say(byId("fact-" + id), text);
};
const showTiles = ({ account }) => {
  const gained = isNumber(account.equityUsd) ? account.equityUsd - account.initialUsd : null;
  const share = (value) => isNumber(value) && account.initialUsd > 0 ? signed((100 * value) / account.initialUsd, 2) + " % of initial" : "–";
  const away = (floor) => isNumber(account.equityUsd) && isNumber(floor) ? account.equityUsd - floor : null;
  const goal = isNumber(account.targetUsd) ? account.targetUsd - account.balanceUsd : null;
  const tiles = {
    equity: [number(account.equityUsd, 2), share(gained)], balance: [number(account.balanceUsd, 2), "of closed trades"],
    daily: [number(away(account.dailyFloorUsd), 2), "floor " + number(account.dailyFloorUsd)],
    maximum: [number(away(account.maximumFloorUsd), 2), "floor " + number(account.maximumFloorUsd)],
    target: [goal === null ? "–" : number(Math.max(0, goal), 2), (isNumber(account.targetUsd) ? "target " + number(account.targetUsd) : "no target") + (account.phase ? " · " + account.phase : "")],
    exposure: [number(account.exposureUsd, 2), isNumber(account.equityUsd) && account.equityUsd > 0 && isNumber(account.exposureUsd) ? significant(account.exposureUsd / account.equityUsd, 2) + " × equity" : "–"],
  };
  for (const [id, [value, note]] of Object.entries(tiles)) { say(byId("tile-" + id), value); say(byId("note-" + id), note); }
};

const showFeeds = ({ feeds, phase }) => rowsInto("feeds", feeds.map((feed) => {
  const [kind, shape, word] = phase === "ended" ? ["good", "●", "ended"] : feed.isStale ? ["bad", "■", "stale"]
    : feed.isBookValid ? ["good", "●", "fresh"] : phase === "starting" ? ["", "◆", "starting"] : ["usable", "▲", "no valid book"];
  return [cell(feed.symbol, "name"), cell(word, "short " + kind, shape), cell(marketTime(feed.lastEventUs).slice(11) || "–", "number"), cell(duration(feed.ageMs), "number"),
    cell(number(feed.spreadBps, 2), "number"), cell(number(feed.events), "number")];
}), "No symbols.");
const troublesOf = ({ errors, rejected }) => [
  ...errors.slice(0, 1),
  ...(rejected.length === 0 ? [] : ["rejected: " + rejected.slice(0, 6).map(({ reason, rows }) => reason + " (" + number(rows) + ")").join("; ") + (rejected.length > 6 ? "; …" : "")]),
].join(" · ") || "–";
/** A replay has no connection, and its page no table for one. */
const showConnection = ({ connection, feed, phase }) => {
  if (feed !== "stream") return;
  const [kind, shape, word] = connection && connection.isLost && phase !== "ended" ? ["usable", "▲", "lost"] : phase === "ended" ? ["good", "●", "ended"] : ["good", "●", "open"];
  rowsInto("connection", connection ? [[cell(word, "short " + kind, shape), cell(number(connection.losses), "number"), cell(number(connection.errorCount), "number"),
    cell(number(connection.queued), "number"), cell(microseconds(connection.lagUs), "number"), cell(number(connection.rejectedRows), "number"), cell(troublesOf(connection), "words")]] : [], "Not connected yet.");
};
const showPositions = ({ positions }) => rowsInto("positions", positions.map((held) => [
  cell(held.symbol, "name"), sideCell(held.amount), cell(amount(Math.abs(held.amount)), "number"), cell(price(held.entryPrice), "number"),
  cell(price(held.mid), "number"), cell(number(Math.abs(held.amount * held.mid)), "number"), cell(signed(held.floatingUsd, 2), "number"),
]), "No open position.");
const showSignals = ({ signals }) => rowsInto("signals", signals.map((signal) => [
  cell(marketTime(signal.barEndUs).slice(5, 16), "short"), cell(signal.symbol, "name"), cell(isNumber(signal.probability) ? number(100 * signal.probability, 1) : "–", "number"),
  sideCell(signal.side), cell(signal.reason || (signal.side === 0 ? "–" : "staked"), "words"),
]), "No bar has ended yet.");
const showOrders = ({ orders }) => rowsInto("orders", orders.map((order) => {
  const [kind, shape] = order.status === "filled" ? ["good", "●"] : order.status === "open" ? ["", "◆"] : ["usable", "▲"];
  return [cell(marketTime(order.decidedUs).slice(5), "short"), cell(order.symbol, "name"), cell(order.purpose, "short"), sideCell(order.side), cell(amount(order.amount), "number"),
    cell(price(order.fillPrice), "number"), cell(number(order.feeUsd, 2), "number"), cell(order.status + (order.reason ? ": " + order.reason : ""), "words " + kind, shape)];
}), "No order yet.");
const showRisks = ({ risks }) => rowsInto("risks", risks.map((risk) => [
  cell(marketTime(risk.atUs).slice(5), "short"), cell(risk.name, "name"), cell(risk.symbol || "account", "name"), cell(risk.detail, "words"),
]), "Nothing has happened.");
const showLog = ({ log }) => rowsInto("log", log.map((line) => {
  const [kind, shape] = line.level === "error" ? ["bad", "■"] : line.level === "warn" ? ["usable", "▲"] : ["none", "·"];
  return [cell(timeOf(line.atMs), "short"), cell(line.level, "short " + kind, shape), cell(line.text, "words"), cell(line.detail, "words")];
}), "The log is empty.");
const showJournal = ({ journal, wallMs, mode }) => rowsInto("journal", [[
  journal.isUp ? cell("up", "short good", "●") : cell("down", "short bad", "■"),
  cell(isNumber(journal.sinceMs) ? duration(wallMs - journal.sinceMs) : "–", "number"), cell(number(journal.waiting), "number"),
  cell(journal.isUp ? "decisions are durable before their orders" : "entries stop, exits go into the local file", "words"),
]], "");

const latencyRow = (name, { count, p50Us, p99Us, maxUs }) => [cell(name), cell(number(count), "number"),
  cell(microseconds(p50Us), "number"), cell(microseconds(p99Us), "number"), cell(microseconds(maxUs), "number")];
const showLatency = ({ decisionLatency, journalLatency }) => {
  rowsInto("latency", [latencyRow("event to decision (line)", decisionLatency), latencyRow("write to the journal (dashed)", journalLatency)], "");
  const now = JSON.stringify([decisionLatency, journalLatency, byId("latency-plot").clientWidth]);
  if (shown.get("latency-plot") === now) return;
  shown.set("latency-plot", now);
  drawLatency(byId("latency-plot"), [{ name: "journal", view: journalLatency }, { name: "decision", view: decisionLatency }]);
  const verdict = decisionLatency.count === 0 ? "No decision has been timed yet." : "99 of 100 decisions take at most " + microseconds(decisionLatency.p99Us) + ", half at most " + microseconds(decisionLatency.p50Us) + "; the dashed line marks 5 ms.";
  say(byId("latency-alt"), verdict);
};
const showEquity = ({ account }) => {
  const points = wholeCourse(course, account);
  drawEquity(byId("equity-plot"), points, account, course.phases);
  say(byId("equity-n"), points.length === 1 ? "1 point" : number(points.length) + " points");
  const headroom = headroomOf(account);
  say(byId("equity-alt"), headroom === null ? "No equity has been recorded yet." : "Equity is " + number(account.equityUsd, 2) + " USD, " +
    number(Math.abs(headroom), 2) + " USD " + (headroom < 0 ? "below" : "above") + " the higher floor; daily floor " + number(account.dailyFloorUsd, 2) + ", maximum floor " + number(account.maximumFloorUsd, 2) + ". Below: fall from the highest equity so far." +
    (course.phases.length > 1 ? " With each phase the account begins anew; this is " + account.phase + "." : ""));
  say(byId("equity-title"), headroom === null ? "Equity" : headroom < 0 ? "Equity is below a floor" : "Equity is above both floors");
};

const VIEWS = [showFacts, showTiles, showEquity, showFeeds, showConnection, showPositions, showSignals, showOrders, showRisks, showLatency, showJournal, showLog];
const show = (state) => {
  const alarms = showAlarms(state);
  if (isPaused) return;
  showAnswer(state, alarms);
  for (const view of VIEWS) view(state);
};
`;
