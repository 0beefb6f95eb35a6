import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { OptionError } from "../core/errors.js";
import { haltFile, LONGEST_REASON, readHalt, writeHalt } from "../runtime/loop/control.js";
import { stateFile } from "../runtime/loop/session-state.js";
import { requireStoreFolder } from "../store/existing-store.js";
import { type AddCommand, action } from "./command.js";

interface Options {
  readonly reason?: string;
  readonly lift?: boolean;
}

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
          say(`${wasHalted ? "lifted: runs may enter again" : "nothing was halted"} in ${dataDir}`);
          return { json: { halted: false, root: dataDir }, exitCode: 0 };
        }
        await writeHalt(dataDir, { since: new Date().toISOString(), reason });
        const runs = await knownRuns(dataDir);
        const whose = runs.length === 0 ? "no run has been made yet" : runs.join(", ");
        say(`halted in ${dataDir} (${whose}): ${reason}`);
        say(`\`npx tickbook --data ${dataDir} halt --lift\` lets runs enter again`);
        // Who wants to stop something, and stops something else, is to notice it.
        const demo = path.join(dataDir, "demo");
        if (existsSync(path.join(demo, "runtime")))
          say(`runs of the demo go on: \`npx tickbook --data ${demo} halt\` halts them`);
        return { json: { halted: true, reason, root: dataDir, runs }, exitCode: 0 };
      }),
    );
};

/** Names of the runs that a store holds, whether or not a process drives them. */
async function knownRuns(root: string): Promise<readonly string[]> {
  const folder = path.join(root, "runtime");
  const names = await readdir(folder);
  return names.filter((name) => existsSync(stateFile(root, name))).sort();
}

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
