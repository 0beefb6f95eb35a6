import { counted } from "../../core/counted.js";
import { excludedText } from "../../core/excluded-text.js";
import { namesText } from "../../evaluation/canaries.js";
import { usdText } from "../costs-text.js";
import { BOUNCE_PRONE, labelClause } from "../label-text.js";
import { TRIES } from "../tries-text.js";
import { breakEvenSentence } from "./break-even.js";
import type { ModelCard } from "./model-card.js";
import { predictedLabel } from "./predicted-label.js";

/** What the card's figures do not cover, a sentence each, the gravest first. */
export function limitsOfUse(card: Omit<ModelCard, "limits">): readonly string[] {
  return [...standing(card), ...reach(card), ...evidence(card), ...money(card)];
}

function standing({ source, isVoid, gates }: Omit<ModelCard, "limits">): readonly string[] {
  const open = gates.filter(({ verdict }) => verdict !== "pass").map(({ name }) => name);
  return [
    ...(source === "SIMULATED"
      ? ["Fitted and tested on a simulated market: no figure here is about a real one."]
      : []),
    ...(isVoid ? ["Void: a canary did not score as it must, so no figure here counts."] : []),
    ...(open.length > 0
      ? [`Not to be run: it has not passed ${open.join(", ")}. Only a promoted model runs.`]
      : ["To be run only while it is promoted; the ledger says whether it is."]),
  ];
}

function reach({ predicts, features, hashes }: Omit<ModelCard, "limits">): readonly string[] {
  const { exchange, symbols, barMinutes, latencyMs, labelKind, source } = predicts;
  const from = source === undefined ? "" : ` from ${source}`;
  const bar = `${exchange} ${symbols.join(", ")}${from} in bars of ${barMinutes} min`;
  return [
    `For ${bar} alone, with its ${features.length} features of catalogue ${hashes.catalogue.slice(0, 12)}; of other symbols, exchanges or bars nothing is known.`,
    `It says ${clauseOf(predicts)}, from ${latencyMs} ms after a bar's end on; not how far, and nothing of other horizons.`,
    ...(labelKind === "close" ? [`${BOUNCE_PRONE}: they jump between bid and ask.`] : []),
  ];
}

/** What it predicts, as far as its bundle says it. */
function clauseOf(predicts: ModelCard["predicts"]): string {
  const label = predictedLabel(predicts);
  return label === undefined
    ? `something of the ${predicts.labelKind} over ${predicts.horizonMinutes} min, by a rule of labels that its bundle does not name`
    : labelClause(label);
}

function evidence({
  data,
  trials,
  canaries,
  canaryShortfalls,
}: Omit<ModelCard, "limits">): readonly string[] {
  const { testFrom, testTo, testRows, effectiveRows, badRows } = data;
  const independent =
    effectiveRows >= 0.5
      ? `, worth about ${counted(Math.round(effectiveRows), "independent one")}`
      : "";
  const excluded = excludedText(data.excluded);
  const tries = counted(trials.count, "try", "tries");
  const notRun = canaryShortfalls.flatMap((lack) => lack.canaries);
  return [
    `Tested from ${testFrom} to ${testTo} UTC on ${counted(testRows, "row")}${independent}: a market unlike that one was never seen.`,
    ...(excluded === ""
      ? []
      : [
          `It was neither trained nor scored where its features are missing or no label is known: of the dataset's rows ${excluded} are left out.`,
        ]),
    ...(badRows > 0
      ? [`${counted(badRows, "test row")} lie in hours that the audit calls bad.`]
      : []),
    ...(data.unauditedRows + data.unauditedFittedRows > 0
      ? [
          `Never audited: ${counted(data.unauditedRows, "test row")}, ${counted(data.unauditedFittedRows, "fitted row")}.`,
        ]
      : []),
    ...(canaries.length === 0 ? ["No canary was run: a leak would not have been noticed."] : []),
    ...(canaries.length > 0 && notRun.length > 0
      ? [
          `Not every canary was run, so a leak may be unnoticed: not ${namesText({ canaries: notRun })}.`,
        ]
      : []),
    `Its ledger holds ${tries} (${TRIES}), this one among them; what was tried elsewhere is not counted.`,
    ...(trials.unknown > 0
      ? [
          `The Sharpe ratio of ${counted(trials.unknown, "trial")} is unknown: counted, though nobody knows how far they scatter.`,
        ]
      : []),
  ];
}

function money({ trading, coverage }: Omit<ModelCard, "limits">): readonly string[] {
  const last = trading.rungs.at(-1);
  const { costs, feeBps, capitalUsd } = trading;
  const capital = Number.isFinite(capitalUsd) ? `${usdText(capitalUsd)} and ` : "";
  const even = last === undefined ? "" : ` ${breakEvenSentence(last)}`;
  const { share } = coverage;
  return [
    ...(share < 1
      ? [
          `It acts on ${(100 * share).toFixed(1)} % of bars, those it is surest of; on the others it says nothing to trade on.`,
        ]
      : []),
    `Traded on paper with ${capital}the fees of ${costs} (${feeBps} bps a side); more capital, or another venue, costs otherwise.${even}`,
  ];
}
