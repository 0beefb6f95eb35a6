import { demote, readPromoted } from "../registry/promotion.js";
import { requireStoreFolder } from "../store/existing-store.js";
import { type AddCommand, action } from "./command.js";
import { withHead } from "./ledger-head.js";
import { versionedName } from "./promote.js";

interface Options {
  readonly reason?: string;
}

/** `demote`: takes a promotion back; a running model stops at its next bar. */
export const demoteCommand: AddCommand = (program) => {
  program
    .command("demote")
    .description("take a promotion back")
    .argument("<model>", "NAME@version, as `models` lists them")
    .option("--reason <text>", "why, for the ledger")
    .action(
      action<Options>(async ([text = ""], { reason }, { dataDir, say }) => {
        const model = versionedName(text, "demote");
        await requireStoreFolder(dataDir);
        const entry = await demote(dataDir, {
          ...model,
          ...(reason === undefined ? {} : { reason }),
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
