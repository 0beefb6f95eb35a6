import { demote, readPromoted } from "../registry/promotion.js";
import { requireStoreFolder } from "../store/existing-store.js";
import { type AddCommand, action } from "./command.js";
import { EXPECT_HEAD, withHead } from "./ledger-head.js";
import { versionedName } from "./promote.js";

interface Options {
  readonly reason?: string;
  readonly expectHead?: string;
}

/** `demote`: takes a promotion back; a running model stops at its next bar. */
export const demoteCommand: AddCommand = (program) => {
  program
    .command("demote")
    .description("take a promotion back")
    .argument("<model>", "NAME@version, as `models` lists them")
    .option("--reason <text>", "why, for the ledger")
    .option(...EXPECT_HEAD)
    .action(
      action<Options>(async ([text = ""], { reason, expectHead }, { dataDir, say }) => {
        const model = versionedName(text, "demote");
        await requireStoreFolder(dataDir);
        const entry = await demote(dataDir, {
          ...model,
          ...(reason === undefined ? {} : { reason }),
          ...(expectHead === undefined ? {} : { expectedHead: expectHead }),
        });
        const name = `${model.name}@${model.version}`;
        say(
          entry === undefined
            ? `${name} was not promoted`
            : `${name} demoted in entry ${entry.number}`,
        );
        const promoted = await readPromoted(dataDir);
        const json = { ...model, entry: entry?.number ?? null, promoted };
        return await withHead({ json, exitCode: 0 }, { dataDir, say });
      }),
    );
};
