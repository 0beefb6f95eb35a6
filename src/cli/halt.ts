import { rm } from "node:fs/promises";
import { OptionError } from "../core/errors.js";
import { haltFile, readHalt, writeHalt } from "../runtime/loop/control.js";
import { requireStoreFolder } from "../store/existing-store.js";
import { type AddCommand, action } from "./command.js";

interface Options {
  readonly reason?: string;
  readonly lift?: boolean;
}

const LONGEST_REASON = 200;

/** `halt`: every run of the store closes all and stays out, over restarts, until it is lifted. */
export const haltCommand: AddCommand = (program) => {
  program
    .command("halt")
    .description("close everything at the next bar, and stay out over restarts until it is lifted")
    .option("--reason <text>", "why, for whoever looks at the run")
    .option("--lift", "let runs enter again")
    .action(
      action<Options>(async (_args, { reason = "by an operator", lift }, { dataDir, say }) => {
        await requireStoreFolder(dataDir);
        requireLine(reason);
        if (lift === true) {
          const wasHalted = isHalted(dataDir);
          await rm(haltFile(dataDir), { force: true });
          say(wasHalted ? "lifted: runs may enter again" : "nothing was halted");
          return { json: { halted: false }, exitCode: 0 };
        }
        await writeHalt(dataDir, { since: new Date().toISOString(), reason });
        say(`halted: ${reason}; \`npx tickbook halt --lift\` lets runs enter again`);
        return { json: { halted: true, reason }, exitCode: 0 };
      }),
    );
};

/** An order that cannot be read is one, too. */
function isHalted(root: string): boolean {
  try {
    return readHalt(root) !== undefined;
  } catch {
    return true;
  }
}

function requireLine(text: string): void {
  if (text !== "" && text.length <= LONGEST_REASON && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return;
  throw new OptionError({
    column: "--reason",
    message: `was ${JSON.stringify(text.slice(0, LONGEST_REASON))}, expected a line of at most ${LONGEST_REASON} characters`,
    fix: "give it in a few words, or leave it out",
  });
}
