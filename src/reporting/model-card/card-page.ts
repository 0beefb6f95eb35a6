import { counted } from "../../core/counted.js";
import { type Html, html } from "../../core/html.js";
import { DAY_US, dateOf, dayStartUs } from "../../core/time.js";
import { notRunText } from "../../evaluation/canaries.js";
import { breakEvenText } from "../../evaluation/gates.js";
import { canaryTable } from "../canary-report.js";
import { usdText } from "../costs-text.js";
import { cautionOf, ratioInterval } from "../evaluation-marks.js";
import { gateTable, literalGateTable } from "../gate-report.js";
import { BOUNCE_PRONE, labelText, WHY_BOUNCE_PRONE } from "../label-text.js";
import { membersTable } from "../members-table.js";
import { renderPage, schemeButton } from "../page.js";
import { reliabilityBinsTable } from "../reliability-table.js";
import { renderTable } from "../table.js";
import { TRIES } from "../tries-text.js";
import { verdictBadge } from "../verdict.js";
import { breakEvenSentence } from "./break-even.js";
import { NOT_ASKED } from "./card-gates.js";
import {
  bySymbolTable,
  coverageTable,
  factsTable,
  foldsTable,
  metricTable,
} from "./card-tables.js";
import { executionTable, showsSharpe, tradingLadderTable } from "./card-trading.js";
import type { ModelCard } from "./model-card.js";
import { predictedLabel } from "./predicted-label.js";
import { reliabilityPicture } from "./reliability-picture.js";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** A model card as one HTML file that loads nothing and runs nothing that came from data. */
export function cardPage(card: ModelCard): string {
  const { name, version, source, predicts } = card;
  const bounce = isBounceProne(card) ? `${WHY_BOUNCE_PRONE} · ` : "";
  const sections = sectionsOf(card);
  return renderPage({
    title: `${name}@${version}`,
    source,
    ...cautionOf(predicts),
    sourceNote:
      source === "SIMULATED"
        ? `${bounce}made by the workbench's own market simulator; no figure here is about a real market · ${name}@${version}`
        : `${bounce}data from ${predicts.exchange} · ${name}@${version}`,
    header: header(card),
    contents: sections.map(({ id, title }) => ({ id, level: 2, text: title })),
    main: html`${sections.map(
      ({
        id,
        title,
        body,
      }) => html`<section><h2 id="${id}">${title}<a class="anchor" href="#${id}"> #</a></h2>
${body}</section>
`,
    )}`,
    footer: html`<h2>How this page was made</h2>
<p>From entry ${card.entry} of the ledger. This page is a view: the ledger alone says what may run.</p>
${renderTable(factsTable("SHA-256", card.hashes))}`,
    hasFigures: false,
  });
}

function header(card: ModelCard): Html {
  const { name, version, predicts, data, trials, trading, coverage } = card;
  const { exchange, symbols, source } = predicts;
  const label = predictedLabel(predicts);
  const facts: readonly (readonly [string, string | Html])[] = [
    ["Data", [exchange, symbols.join(", "), source].filter((part) => part).join(" · ")],
    ["Predicts", label === undefined ? "by an unknown rule of labels" : labelText(label)],
    ...(isBounceProne(card) ? [["Beware", "BOUNCE-PRONE"] as const] : []),
    ["Days (UTC)", span(data.from, lastDay(data.to))],
    ["Test (UTC)", span(data.testFrom, data.testTo)],
    ["Test rows", data.testRows.toLocaleString("en-US")],
    ["Acts on", `${(100 * coverage.share).toFixed(1)} % of test bars`],
    ["Execution", executionOf(trading)],
    ["Tries in the ledger", trials.count.toLocaleString("en-US")],
  ];
  const list = facts.map(([fact, value]) => html`<div><dt>${fact}</dt><dd>${value}</dd></div>`);
  return html`<div class="crumbs"><span>Model card / ${name}@${version}</span>${schemeButton()}</div>
<h1>Does ${name}@${version} know ${questionOf(predicts)}, well enough to run?</h1>
<div class="answer">${verdictBadge(verdictOf(card))}<p>${answerOf(card).replaceAll(" %", "\u00a0%")}</p></div>
<dl class="facts">${list}</dl>`;
}

/** What is asked of the model, as a clause. */
function questionOf({ symbols, labelRule, horizonMinutes }: ModelCard["predicts"]): string {
  const names = symbols.join(", ");
  return labelRule?.kind === "triple-barrier"
    ? `which barrier ${names} will meet first within ${horizonMinutes} minutes`
    : `where ${names} will be in ${horizonMinutes} minutes`;
}

/** From and to, each on one line. */
function span(from: string, to: string): Html {
  const whole = (text: string): Html => html`<span style="white-space: nowrap">${text}</span>`;
  return html`${whole(from)} to ${whole(to)}`;
}

/** The day before the one after the last; a day that is none stays as it is. */
function lastDay(to: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(to) ? dateOf(dayStartUs(to) - DAY_US) : to;
}

function executionOf({ costs, capitalUsd }: ModelCard["trading"]): string {
  return Number.isFinite(capitalUsd) ? `${costs}, ${usdText(capitalUsd)}` : costs;
}

/** A pass that lacks a gate is none. */
function verdictOf({ isVoid, gates, verdict }: ModelCard): ModelCard["verdict"] {
  if (isVoid) return "fail";
  const isOpen = gates.some((gate) => gate.verdict !== "pass");
  return verdict === "pass" && isOpen ? "undecided" : verdict;
}

function isBounceProne({ predicts }: ModelCard): boolean {
  return predicts.labelKind === "close";
}

function answerOf(card: ModelCard): string {
  const { gates, isVoid, metrics, coverage } = card;
  if (isVoid) return "Void: a canary did not score as it must, so no figure here can be believed.";
  const percent = (share: number): string => (100 * share).toFixed(1);
  const accuracy = metrics.find(({ name }) => name === "accuracy");
  const acted =
    coverage.share < 1
      ? `; on the ${percent(coverage.share)} % that it acts on, in ${percent(coverage.accuracy)} %`
      : "";
  const scored =
    accuracy === undefined
      ? ""
      : ` It is right in ${percent(accuracy.value)} % of test bars (${ratioInterval(accuracy)}) beside ${percent(accuracy.base)} % for the majority class${acted}.`;
  if (isBounceProne(card)) {
    return `Not evaluated: ${BOUNCE_PRONE}, no gate is asked and nothing promotes it.${scored}`;
  }
  const passed = gates.filter(({ verdict }) => verdict === "pass").length;
  if (gates.length > 0 && passed === gates.length) return `Yes: it passes every gate.${scored}`;
  return `No: it passes ${passed} of ${counted(gates.length, "gate")}; ${openGates(gates)}.${scored}`;
}

/** Gates that stand in the way, those that fail first. */
function openGates(gates: ModelCard["gates"]): string {
  const open = gates.filter(({ verdict }) => verdict !== "pass");
  const groups: readonly (readonly [string, ModelCard["gates"]])[] = [
    ["it fails", open.filter(({ verdict }) => verdict === "fail")],
    [
      "undecided are",
      open.filter(({ verdict, reason }) => verdict === "undecided" && reason !== NOT_ASKED),
    ],
    ["not asked were", open.filter(({ reason }) => reason === NOT_ASKED)],
  ];
  return groups
    .filter(([, own]) => own.length > 0)
    .map(([what, own]) => `${what} ${own.map(({ name }) => name).join(", ")}`)
    .join("; ");
}

function coverageWords({ asked, share }: ModelCard["coverage"]): string {
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
  if (!Number.isFinite(asked)) return `It acts on ${percent(share)} of test bars.`;
  if (asked >= 1) return "It acts on every bar: no threshold was asked for.";
  return `${percent(asked)} of bars were asked for, by a threshold that was fixed before the test, and ${percent(share)} of test bars pass it.`;
}

function sectionsOf(card: ModelCard): readonly Section[] {
  const { name, gates, metrics, limits, calibration, trials, trading, features, coverage } = card;
  const tables = (...all: Parameters<typeof renderTable>[0][]): Html =>
    html`${all.map(renderTable)}`;
  const absent = trading.absent.map(({ name: rung, why }) => html`<li>${rung}: ${why}</li>`);
  const last = trading.rungs.at(-1);
  const notRun = card.canaryShortfalls.map((lack) => html`<p>Not run: ${notRunText(lack)}</p>`);
  const percent = (ratio: number): string =>
    Number.isFinite(ratio) ? `${(100 * ratio).toFixed(1)} %` : "unknown";
  const members = card.members === undefined ? [] : [card.members];
  const { members: _, ...ownSettings } = card.settings;
  return [
    {
      id: "gates",
      title: "Gates",
      body: html`<p>Only a pass of every gate promotes.</p>${tables(gateTable({ model: name, gates }))}`,
    },
    {
      id: "plan",
      title: "The plan's three gates, taken literally",
      body: html`<p>A pass of these promotes nothing.</p>${tables(literalGateTable({ model: name, gates }, card.planGates))}`,
    },
    {
      id: "limits",
      title: "Limits of use",
      body: html`<ul>${limits.map((limit) => html`<li>${limit}</li>`)}</ul>`,
    },
    {
      id: "figures",
      title: "Test figures beside their base rates",
      body: html`<p>${coverageWords(coverage)} Break-even accuracy is where trading each of these bars pays its costs: ${breakEvenText(coverage.breakEvenAccuracy)}.</p>
${tables(coverageTable(card), metricTable(metrics, "ratio"), metricTable(metrics, "none"), bySymbolTable(card))}`,
    },
    {
      id: "calibration",
      title: "Calibration",
      body: html`<p>Off by ${percent(calibration.error)} on average, where a perfect model would show ${percent(calibration.noiseFloor)} on as few independent rows.</p>
<div class="figure" style="max-width: 30rem; margin-inline: 0">${reliabilityPicture(calibration.bins)}</div>
${renderTable(reliabilityBinsTable({ model: name, reliability: calibration.bins }))}`,
    },
    {
      id: "trading",
      title: "Trading the same probabilities",
      body: html`<p>${last === undefined ? "" : breakEvenSentence(last)} Break-even is the cost of one side, fee and spread, at which nothing would be left; below zero the calls lose before any cost.${showsSharpe(trading) ? " “Above 0” is the probability that the true Sharpe ratio is (the probabilistic Sharpe ratio)." : ""}</p>
${renderTable(tradingLadderTable(card))}${renderTable(executionTable(card))}${absent.length > 0 ? html`<ul>${absent}</ul>` : ""}`,
    },
    {
      id: "trials",
      title: "How often was tried",
      body: html`<p>${counted(trials.count, "try", "tries")} (${TRIES}). The daily Sharpe ratios of the trials of this horizon scatter by ${Number.isFinite(trials.sharpeDeviation) ? trials.sharpeDeviation.toFixed(4) : "an unknown amount"}; ${trials.unknown === 0 ? "all are known" : `of ${counted(trials.unknown, "trial")} none is known`}.${showsSharpe(trading) ? ` Probability that this one is above the best of as many tries without skill: ${percent(trials.deflatedSharpe)}.` : ""}</p>`,
    },
    {
      id: "canaries",
      title: "Canaries",
      body: html`${notRun}${tables(canaryTable(card))}`,
    },
    { id: "data", title: "Data and folds", body: tables(foldsTable(card)) },
    {
      id: "made",
      title: "How it was made",
      body: html`${members.map((own) => renderTable(membersTable(own)))}${renderTable(
        factsTable("Settings", { ...ownSettings, seed: card.seed, backend: card.backend }),
      )}<p>${counted(features.length, "feature")}: ${features.join(", ")}.</p>`,
    },
  ];
}
