import { OptionError } from "../core/errors.js";
import { openStore } from "../store/store.js";
import { syncStore } from "../store/sync/sync.js";
import type { SyncedTable, SyncStatus } from "../store/sync/synced-table.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { addTableFilter, type TableFlags, tableFilter } from "./table-filter.js";

interface SyncFlags extends TableFlags {
  readonly overwrite?: boolean;
  readonly verify?: boolean;
  readonly dryRun?: boolean;
}

const MOVED: readonly SyncStatus[] = ["copied", "mended", "replaced"];

const STATUSES: readonly SyncStatus[] = [...MOVED, "kept", "conflict", "failed"];

/** `tickbook sync push|pull s3://bucket/prefix`: moves partitions that differ, by the hashes of their manifests. */
export const syncCommand: AddCommand = (program) => {
  const command = program
    .command("sync")
    .description("move partitions to or from an S3 bucket, by the hashes of their manifests")
    .argument("<direction>", "push (store to bucket) or pull (bucket to store)")
    .argument("<url>", "s3://bucket/prefix; endpoint and keys as AWS tools take them");
  addTableFilter(command)
    .option("--overwrite", "replace what differs on the other side; without it that is a conflict")
    .option("--verify", "hash what both sides hold, and mend what is damaged on the receiving one")
    .option("--dry-run", "only say what would be moved")
    .action(action<SyncFlags>(run));
};

async function run(
  [direction, url = ""]: readonly string[],
  flags: SyncFlags,
  { dataDir, say, progress }: CommandContext,
): Promise<CommandResult> {
  if (direction !== "push" && direction !== "pull") {
    throw new OptionError({
      column: "sync",
      message: `was asked to "${direction ?? ""}", which it does not do`,
      fix: "use `npx tickbook sync push URL` or `npx tickbook sync pull URL`",
    });
  }
  const store = await openStore(dataDir);
  try {
    const partitions = await syncStore(store, url, {
      direction,
      filter: tableFilter(flags),
      overwrite: flags.overwrite === true,
      verify: flags.verify === true,
      dryRun: flags.dryRun === true,
      onProgress: (done, total) => progress(done, total, "partitions"),
    });
    requireSome(partitions, direction === "push" ? dataDir : url);
    sayTables(partitions, flags.dryRun === true, say);
    const isWrong = partitions.some(({ status }) => status === "conflict" || status === "failed");
    const json = { direction, dryRun: flags.dryRun === true, partitions };
    return { json, exitCode: isWrong ? 1 : 0 };
  } finally {
    await store.close();
  }
}

function requireSome(partitions: readonly SyncedTable[], place: string): void {
  if (partitions.length > 0) return;
  throw new OptionError({
    column: "sync",
    message: `found no partitions of what was asked for in "${place}"`,
    fix: "look at the address and the options; computed tables need --all",
  });
}

function sayTables(
  partitions: readonly SyncedTable[],
  dryRun: boolean,
  say: CommandContext["say"],
): void {
  for (const { status, folder, bytes, reason } of partitions) {
    if (status === "kept") continue;
    const why = reason === undefined ? `${bytes.toLocaleString("en")} bytes` : reason;
    say(`${status.padEnd(8)} ${folder}: ${why}`);
  }
  const counts = STATUSES.map((status) => ({
    status,
    count: partitions.filter((table) => table.status === status).length,
  })).filter(({ count }) => count > 0);
  const moved = partitions.filter(({ status }) => MOVED.includes(status));
  const bytes = moved.reduce((sum, table) => sum + table.bytes, 0).toLocaleString("en");
  const sum = counts.map(({ status, count }) => `${count} ${status}`).join(", ");
  const what = partitions.length === 1 ? "1 partition" : `${partitions.length} partitions`;
  say(
    dryRun
      ? `nothing done; it would be ${what}: ${sum}; ${bytes} bytes`
      : `${what}: ${sum}; ${bytes} bytes moved`,
  );
}
