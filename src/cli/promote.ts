import { OptionError } from "../core/errors.js";
import { readLedger } from "../registry/ledger.js";
import { type ModelName, parseModelName } from "../registry/named-trial.js";
import { promote, readPromoted } from "../registry/promotion.js";
import { modelName } from "../registry/trial.js";
import { marksOf, readTrialFacts } from "../registry/trial-facts.js";
import { predictsText } from "../reporting/label-text.js";
import { requireStoreFolder } from "../store/existing-store.js";
import { type AddCommand, action } from "./command.js";
import { EXPECT_HEAD, withHead } from "./ledger-head.js";

interface Options {
  readonly signOff?: string;
  readonly expectHead?: string;
}

/** `promote`: lets a model run whose last evaluation passed every gate; exit 1 when it did not. */
export const promoteCommand: AddCommand = (program) => {
  program
    .command("promote")
    .description("let a model run: only one whose last evaluation passed every gate")
    .argument("<model>", "NAME@version, as `models` lists them")
    .option("--sign-off <who>", "who answers for it")
    .option(...EXPECT_HEAD)
    .action(
      action<Options>(async ([text = ""], { signOff, expectHead }, { dataDir, say }) => {
        const model = versionedName(text, "promote");
        await requireStoreFolder(dataDir);
        const entry = await promote(dataDir, {
          ...model,
          ...(signOff === undefined ? {} : { signOff }),
          ...(expectHead === undefined ? {} : { expectedHead: expectHead }),
        });
        const by = entry.signOff === "" ? "nobody signed it off" : `signed off by ${entry.signOff}`;
        const trial = (await readLedger(dataDir)).state.trials.get(entry.key)!;
        const facts = await readTrialFacts(dataDir, trial);
        say(`${modelName(trial)} promoted in entry ${entry.number}, ${by}: ${predictsText(facts)}`);
        const promoted = await readPromoted(dataDir);
        const json = { ...model, marks: marksOf(facts), entry: entry.number, promoted };
        return await withHead({ json, exitCode: 0 }, { dataDir, say });
      }),
    );
};

/**
 * A model's name with its version, which promotions and demotions must say.
 *
 * @throws {OptionError} it has no version
 */
export function versionedName(text: string, column: string): Required<ModelName> {
  const { name, version } = parseModelName(text);
  if (version !== undefined) return { name, version };
  throw new OptionError({
    column,
    message: `was given ${JSON.stringify(text)}, expected NAME@version`,
    fix: "take the whole name from `npx tickbook models`",
  });
}
