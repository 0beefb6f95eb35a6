import { readTrials } from "../registry/trials.js";
import { type AddCommand, action } from "./command.js";

interface Options {
  readonly model?: string;
}

/** `trials`: every configuration that was ever fitted in this store, in order; the ledger's chain is checked. */
export const trialsCommand: AddCommand = (program) => {
  program
    .command("trials")
    .description("list the trial ledger: every fit with its settings, seed and test figures")
    .option("--model <name>", "only trials of this kind of model")
    .action(
      action<Options>(async (_args, { model }, { dataDir, say }) => {
        const all = await readTrials(dataDir);
        const trials = all.filter((trial) => model === undefined || trial.model === model);
        for (const { number, model: name, key, seed, figures, settings } of trials) {
          const results = Object.entries(figures).map(([figure, value]) =>
            Number.isInteger(value) ? `${figure} ${value}` : `${figure} ${value.toFixed(4)}`,
          );
          say(
            `${number}. ${name}@${key.slice(0, 12)}, seed ${seed}: ${results.join(", ")}; ` +
              JSON.stringify(settings),
          );
        }
        say(`${all.length} trials in the ledger, its chain of hashes whole`);
        return { json: { trials, count: all.length }, exitCode: 0 };
      }),
    );
};
