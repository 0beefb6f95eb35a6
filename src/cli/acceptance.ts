import { judgeRun } from "../runtime/acceptance/acceptance.js";
import { checkParity } from "../runtime/acceptance/parity.js";
import { acceptanceLines } from "./acceptance-lines.js";
import { type AddCommand, action } from "./command.js";
import { withRun } from "./judged-run.js";
import { onceEach } from "./once-each.js";

interface Options {
  readonly run: string;
}

/** `acceptance`: is a run challenge-ready, and what would a challenge be worth? Exit 1 where a gate fails. */
export const acceptanceCommand: AddCommand = (program) => {
  const command = program
    .command("acceptance")
    .description(
      "judge a run by its journal: win rate, profit, rules, parity, time done; exit 1 where a gate fails",
    )
    .requiredOption("--run <name>", "name of the run")
    .action(
      action<Options>(async (_args, { run: name }, { dataDir, settings, say }) => {
        const acceptance = await withRun(dataDir, name, async (judged) => {
          const { store, journal, run, model } = judged;
          const parity = await checkParity(store, journal, { run, model });
          const { seed } = settings;
          return await judgeRun(journal, { root: store.root, run, model, parity, seed });
        });
        for (const line of acceptanceLines(acceptance)) say(line);
        return { json: acceptance, exitCode: acceptance.verdict === "fail" ? 1 : 0 };
      }),
    );
  onceEach(command);
};
