import path from "node:path";
import { counted } from "../core/counted.js";
import { requireHead } from "../registry/expected-head.js";
import { type Ledger, readLedger } from "../registry/ledger.js";
import { leftovers } from "../registry/leftovers.js";
import { type ListedModel, listModels } from "../registry/list-models.js";
import { memberFacts } from "../registry/member-facts.js";
import { type Mended, mendRegistry } from "../registry/mend-registry.js";
import { modelName } from "../registry/trial.js";
import { isSimulated, marksOf, trialFacts } from "../registry/trial-facts.js";
import { isEvaluated, verdictWords } from "../registry/verdict-words.js";
import { predictsText } from "../reporting/label-text.js";
import { cardDamage } from "../reporting/model-card/card-damage.js";
import { writeModelCard } from "../reporting/model-card/write-model-card.js";
import { type Cell, type Table, tableText } from "../reporting/table.js";
import { requireStoreFolder } from "../store/existing-store.js";
import { type AddCommand, action } from "./command.js";
import { memberLines } from "./fit-lines.js";
import { EXPECT_HEAD, expectedLine, headJson, ledgerHeadLine } from "./ledger-head.js";

interface Options {
  readonly mend?: boolean;
  readonly expectHead?: string;
}

/** `models`: bundles in this store, each checked against the ledger; exit 1 when one is damaged. */
export const modelsCommand: AddCommand = (program) => {
  program
    .command("models")
    .description(
      "list trained models, what they scored and which of them may run; every file in their folders is checked: bundles and evaluations by their hashes, cards by making them again",
    )
    .option(
      "--mend",
      "first write promoted.json anew from the ledger, and cards from their evaluations, set aside what no entry names, which counts as tried, and remove what killed processes left half-written",
    )
    .option(...EXPECT_HEAD)
    .action(
      action<Options>(async (_args, { mend, expectHead }, { dataDir, say }) => {
        await requireStoreFolder(dataDir);
        const expected = expectHead === undefined ? {} : { expectedHead: expectHead };
        const mended = mend === true ? await mendRegistry(dataDir, expected) : undefined;
        for (const line of mendedLines(mended)) say(line);
        const ledger = await readLedger(dataDir);
        const since = expectHead === undefined ? undefined : requireHead(ledger, expectHead);
        const listed = await listModels(dataDir, ledger);
        const isMended = mend === true;
        const { models, cards } = await withCards(dataDir, ledger, listed, { isMended });
        for (const name of cards) say(`card of ${name} written anew from its last evaluation`);
        if (models.length === 0) say("no models yet; train one with `npx tickbook train`");
        else say(tableText(modelsTable(models)));
        for (const { trial, content } of models) {
          for (const line of memberLines(memberFacts(content))) say(`${modelName(trial)}, ${line}`);
        }
        const damaged = models.filter(({ damage }) => damage !== undefined);
        for (const { trial, damage } of damaged) say(`damaged ${modelName(trial)}: ${damage}`);
        for (const { trial, lost } of models) {
          for (const file of lost) say(`lost ${modelName(trial)}: ${file}: ${LOST}`);
        }
        const unrecorded = ledger.unrecorded.map(({ file }) => path.relative(dataDir, file));
        for (const file of unrecorded) say(`not recorded ${file}: ${UNRECORDED}`);
        const left = (await leftovers(dataDir)).map((file) => path.relative(dataDir, file));
        for (const file of left) say(`left over ${file}: ${LEFT_OVER}; --mend removes it`);
        say(ledgerHeadLine(ledger));
        if (since !== undefined) say(expectedLine(since));
        const mendedJson = mended === undefined ? {} : { ...mended, cards };
        const json = {
          models: models.map(describe),
          unrecorded,
          leftovers: left,
          ...mendedJson,
          ...headJson(ledger),
        };
        return { json, exitCode: damaged.length === 0 ? 0 : 1 };
      }),
    );
};

/**
 * Damage of their cards added to that of their other files. To mend, a card that is not as it was written is written anew first,
 * where all else is whole and there is an evaluation to tell of; `cards` names the models of those.
 */
async function withCards(
  root: string,
  ledger: Ledger,
  models: readonly ListedModel[],
  { isMended }: { readonly isMended: boolean },
): Promise<{ readonly models: readonly ListedModel[]; readonly cards: readonly string[] }> {
  const all: ListedModel[] = [];
  const cards: string[] = [];
  for (const model of models) {
    let card = await cardDamage(root, ledger, model);
    const isTold = model.damage === undefined && model.evaluation !== undefined;
    if (isMended && isTold && card !== undefined) {
      await writeModelCard(root, model);
      cards.push(modelName(model.trial));
      card = await cardDamage(root, ledger, model);
    }
    const damage = [model.damage, card].filter((one) => one !== undefined);
    all.push({ ...model, damage: damage.length === 0 ? undefined : damage.join("; ") });
  }
  return { models: all, cards };
}

const LEFT_OVER = "a process that was killed left it half-written, and nothing reads it";

const VIEW_GONE =
  "WARNING promoted.json was not there, though the ledger has entries: whoever cut the ledger may have taken it away, with the " +
  "folders of what was cut. Then N may be too small, and nothing here shows it but --expect-head with a head that was noted; " +
  "an entry of the ledger records that it was gone";

const LOST = "is not there; a later evaluation counts, and what it said is not known any more";

const UNRECORDED =
  "it is being made, or was left by a process that was killed, or its entry was cut; train or evaluate again to record it, " +
  "or --mend sets it aside and counts it as tried. Nothing is promoted until then";

function mendedLines(mended: Mended | undefined): readonly string[] {
  if (mended === undefined) return [];
  const { isRewritten, isViewGone, setAside, demoted, removed } = mended;
  const gone = removed.map((file) => `removed ${file}: ${LEFT_OVER}`);
  if (isRewritten === undefined && setAside.length === 0) {
    return ["no ledger yet: nothing to mend", ...gone];
  }
  return [
    ...(isViewGone ? [VIEW_GONE] : []),
    isRewritten === undefined || isRewritten
      ? "promoted.json written anew from the ledger"
      : "promoted.json was whole",
    ...demoted.map((model) => `demoted again ${model}: its demotion was cut from the ledger`),
    ...setAside.map((file) => `set aside ${file}: no entry named it`),
    ...(setAside.length === 0
      ? []
      : [
          `${counted(setAside.length, "place")} set aside: entries were cut from the ledger, or this was brought from elsewhere; ` +
            "what was set aside counts as tried, and whatever else was cut is not known",
        ]),
    ...gone,
  ];
}

function modelsTable(models: readonly ListedModel[]): Table {
  return {
    caption: "Models",
    columns: [
      { name: "model" },
      { name: "predicts" },
      { name: "accuracy", unit: "%", digits: 1 },
      { name: "majority", unit: "%", digits: 1 },
      { name: "last evaluation" },
      { name: "standing" },
      { name: "files" },
    ],
    rows: models.map((model): readonly Cell[] => [
      modelName(model.trial),
      predictsText(trialFacts(model.content)),
      100 * accuracyOf(model),
      100 * majorityOf(model),
      judgedWords(model),
      standingWords(model),
      model.damage === undefined ? `${model.files} whole` : "damaged",
    ]),
  };
}

function judgedWords({ evaluation, isStale, isEvaluationWhole }: ListedModel): string {
  const words = verdictWords(evaluation);
  if (!isEvaluated(evaluation)) return words;
  if (!isEvaluationWhole) return "damaged";
  return isStale ? `${words}; stale, by other code` : words;
}

function standingWords({ standing, promotion, demotion }: ListedModel): string {
  if (promotion !== undefined) {
    const by = promotion.signOff === "" ? "" : `, ${promotion.signOff}`;
    return `promoted in entry ${promotion.since}${by}`;
  }
  if (demotion === undefined) return standing;
  const why = demotion.reason === "" ? "" : `, ${demotion.reason}`;
  return `demoted in entry ${demotion.number}${why}`;
}

function accuracyOf({ evaluation, trial }: ListedModel): number {
  return evaluation?.figures["accuracy"] ?? trial.figures["accuracy"] ?? Number.NaN;
}

/** Known once a model was evaluated. */
function majorityOf({ evaluation }: ListedModel): number {
  return evaluation?.figures["majorityRate"] ?? Number.NaN;
}

function describe(model: ListedModel): object {
  const { name, version, trial, content, evaluation, promotion, demotion, damage, lost } = model;
  const facts = trialFacts(content);
  const members = memberFacts(content);
  return {
    name,
    version,
    marks: marksOf(facts),
    isSimulated: isSimulated(facts),
    ...facts,
    ...(members.length === 0 ? {} : { members }),
    horizonBars: content?.["horizonBars"],
    figures: { ...trial.figures, ...evaluation?.figures },
    evaluation: evaluation && {
      hash: evaluation.evaluation,
      verdict: evaluation.verdict,
      isWhole: model.isEvaluationWhole,
      isStale: model.isStale,
      isVoid: evaluation.isVoid,
      gates: evaluation.gates,
      trials: evaluation.trials,
    },
    standing: model.standing,
    promotion,
    demotion: demotion && { since: demotion.number, reason: demotion.reason },
    isWhole: damage === undefined,
    damage,
    lost,
  };
}
