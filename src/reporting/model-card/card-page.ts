import { counted } from "../../core/counted.js";
import { type Html, html } from "../html.js";
import { renderPage, schemeButton } from "../page.js";
import { renderTable } from "../table.js";
import { verdictBadge } from "../verdict.js";
import {
  bySymbolTable,
  canariesTable,
  factsTable,
  foldsTable,
  gatesTable,
  metricTable,
  reliabilityTable,
  tradingLadderTable,
} from "./card-tables.js";
import type { ModelCard } from "./model-card.js";
import { reliabilityPicture } from "./reliability-picture.js";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** A model card as one HTML file that loads nothing and runs nothing that came from data. */
export function cardPage(card: ModelCard): string {
  const { name, version, source, predicts } = card;
  const sections = sectionsOf(card);
  return renderPage({
    title: `${name}@${version}`,
    source,
    sourceNote:
      source === "SIMULATED"
        ? `made by the workbench's own market simulator; no figure here is about a real market · ${name}@${version}`
        : `data from ${predicts.exchange} · ${name}@${version}`,
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
  const { name, version, predicts, data, trials, verdict } = card;
  const { symbols, horizonMinutes } = predicts;
  const facts: readonly (readonly [string, string])[] = [
    ["Data", `${predicts.exchange} · ${symbols.join(", ")}`],
    ["Days", `${data.from} to ${data.to}, the last not included`],
    ["Test (UTC)", `${data.testFrom} to ${data.testTo}`],
    ["Test rows", data.testRows.toLocaleString("en-US")],
    ["Trials in the ledger", trials.count.toLocaleString("en-US")],
  ];
  const list = facts.map(([fact, value]) => html`<div><dt>${fact}</dt><dd>${value}</dd></div>`);
  return html`<div class="crumbs"><span>Model card / ${name}@${version}</span>${schemeButton()}</div>
<h1>Does ${name}@${version} know where ${symbols.join(", ")} will be in ${horizonMinutes} minutes, well enough to run?</h1>
<div class="answer">${verdictBadge(card.isVoid ? "fail" : verdict)}<p>${answerOf(card)}</p></div>
<dl class="facts">${list}</dl>`;
}

function answerOf({ gates, isVoid, metrics }: ModelCard): string {
  if (isVoid) return "Void: a canary did not score as it must, so no figure here can be believed.";
  const accuracy = metrics.find(({ name }) => name === "accuracy");
  const scored =
    accuracy === undefined
      ? ""
      : ` It is right in ${(100 * accuracy.value).toFixed(1)} % of test bars (${(100 * accuracy.lower).toFixed(1)} to ${(100 * accuracy.upper).toFixed(1)}) beside ${(100 * accuracy.base).toFixed(1)} % for the majority class.`;
  const open = gates.filter(({ verdict }) => verdict !== "pass");
  if (gates.length > 0 && open.length === 0) return `Yes: it passes every gate.${scored}`;
  const named = open.map(({ name, verdict }) => `${name} (${verdict})`).join(", ");
  return `No: it passes ${gates.length - open.length} of ${counted(gates.length, "gate")}; open are ${named || "all"}.${scored}`;
}

function sectionsOf(card: ModelCard): readonly Section[] {
  const { metrics, limits, calibration, trials, trading, features } = card;
  const tables = (...all: Parameters<typeof renderTable>[0][]): Html =>
    html`${all.map(renderTable)}`;
  const absent = trading.absent.map(({ name, why }) => html`<li>${name}: ${why}</li>`);
  const percent = (ratio: number): string =>
    Number.isFinite(ratio) ? `${(100 * ratio).toFixed(1)} %` : "unknown";
  return [
    { id: "gates", title: "Gates", body: tables(gatesTable(card)) },
    {
      id: "limits",
      title: "Limits of use",
      body: html`<ul>${limits.map((limit) => html`<li>${limit}</li>`)}</ul>`,
    },
    {
      id: "figures",
      title: "Test figures beside their base rates",
      body: tables(
        metricTable(metrics, "ratio"),
        metricTable(metrics, "none"),
        bySymbolTable(card),
      ),
    },
    {
      id: "calibration",
      title: "Calibration",
      body: html`<p>Off by ${percent(calibration.error)} on average, where a perfect model would show ${percent(calibration.noiseFloor)} on as few independent rows.</p>
<div class="figure">${reliabilityPicture(calibration.bins)}</div>
${renderTable(reliabilityTable(card))}`,
    },
    {
      id: "trading",
      title: "Trading the same probabilities",
      body: html`${renderTable(tradingLadderTable(card))}${absent.length > 0 ? html`<ul>${absent}</ul>` : ""}`,
    },
    {
      id: "trials",
      title: "How often was tried",
      body: html`<p>${counted(trials.count, "trial")}, whose daily Sharpe ratios scatter by ${Number.isFinite(trials.sharpeDeviation) ? trials.sharpeDeviation.toFixed(4) : "an unknown amount"}; ${trials.unknown === 0 ? "all are known" : `${trials.unknown} of them are not known`}. Probability that this one is above the best of as many trials without skill: ${percent(trials.deflatedSharpe)}.</p>`,
    },
    { id: "canaries", title: "Canaries", body: tables(canariesTable(card)) },
    { id: "data", title: "Data and folds", body: tables(foldsTable(card)) },
    {
      id: "made",
      title: "How it was made",
      body: html`${renderTable(
        factsTable("Settings", { ...card.settings, seed: card.seed, backend: card.backend }),
      )}<p>${counted(features.length, "feature")}: ${features.join(", ")}.</p>`,
    },
  ];
}
