import { OptionError } from "../core/errors.js";
import { openExistingStore } from "../store/existing-store.js";
import { type PruneOptions, pruneStore } from "../store/prune.js";
import type { TableFilter } from "../store/table-folders.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { listTables } from "./store-list.js";
import { addTableFilter, type TableFlags, tableFilter } from "./table-filter.js";

interface StoreFlags extends TableFlags {
  readonly damaged?: boolean;
  readonly selected?: boolean;
  readonly yes?: boolean;
}

/** Options of `prune` that mean nothing to `list`. */
const PRUNE_FLAGS = ["damaged", "selected", "yes"] as const;

/** `tickbook store list|prune`: the partitions that exist; removing those that are chosen, damaged or were never whole. */
export const storeCommand: AddCommand = (program) => {
  const command = program
    .command("store")
    .description("what the store holds, and removing from it")
    .argument("<what>", "list or prune");
  addTableFilter(command)
    .option("--damaged", "prune: damaged partitions too, not only folders without a manifest")
    .option("--selected", "prune: every partition that the filter takes")
    .option("--yes", "prune: remove; without it only say what would go")
    .action(action<StoreFlags>(run));
};

async function run(
  [what]: readonly string[],
  flags: StoreFlags,
  context: CommandContext,
): Promise<CommandResult> {
  if (what !== "list" && what !== "prune") {
    throw new OptionError({
      column: "store",
      message: `was asked for "${what ?? ""}", which it does not do`,
      fix: "use `npx tickbook store list` or `npx tickbook store prune`",
    });
  }
  requireFitting(what, flags);
  const filter = tableFilter(flags);
  return what === "list" ? listTables(filter, context) : prune(filter, flags, context);
}

function requireFitting(what: "list" | "prune", flags: StoreFlags): void {
  const stray = what === "list" ? PRUNE_FLAGS.find((name) => flags[name] === true) : undefined;
  if (stray !== undefined) {
    throw new OptionError({
      column: `--${stray}`,
      message: "was given with list, which removes nothing",
      fix: "leave it out, or use `npx tickbook store prune`",
    });
  }
  if (flags.damaged !== true || flags.selected !== true) return;
  throw new OptionError({
    column: "--selected",
    message: "was given with --damaged, and takes whole partitions too",
    fix: "leave out one of the two: --damaged alone takes of what the filter takes only what is damaged",
  });
}

async function prune(
  filter: TableFilter,
  { damaged = false, selected = false, yes: isFinal = false }: StoreFlags,
  { dataDir, say, progress }: CommandContext,
): Promise<CommandResult> {
  const what: PruneOptions["what"] = selected ? "selected" : damaged ? "damaged" : "leftovers";
  const store = await openExistingStore(dataDir);
  try {
    const onProgress = (done: number, total: number): void => progress(done, total, "folders");
    const folders = await pruneStore(store, { filter, what, isFinal, onProgress });
    for (const { folder, why, damage } of folders)
      say(`${why}: ${folder}${damage === undefined ? "" : ` (${damage})`}`);
    const bytes = folders.reduce((sum, one) => sum + one.bytes, 0).toLocaleString("en");
    const done = isFinal ? "removed" : "would go; give --yes to remove them";
    const kept = folders.filter(({ why }) => why === "kept").length;
    const others = kept === 0 ? "" : `; ${kept} kept that cannot be judged or removed`;
    say(`${folders.length - kept} folders, ${bytes} bytes ${done}${others}`);
    return { json: { folders, isFinal }, exitCode: kept === 0 ? 0 : 1 };
  } finally {
    await store.close();
  }
}
