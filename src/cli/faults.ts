import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { OptionError, WorkbenchError } from "../core/errors.js";
import { auditCampaigns } from "../faults/audit.js";
import type { FaultCampaign } from "../faults/campaign.js";
import { cleanUpLater, cleanUpNow } from "../faults/clean-up.js";
import { INGEST_CAMPAIGNS } from "../faults/ingest.js";
import { leakCampaigns } from "../faults/leaks.js";
import { type CampaignRun, hasRunStood, runCampaigns } from "../faults/run-campaigns.js";
import { RUNTIME_CAMPAIGNS } from "../faults/runtime.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { unexpectedError } from "./unexpected-error.js";

interface FaultsFlags {
  readonly full?: boolean;
  readonly only?: string;
  readonly keep?: boolean;
}

/** Campaigns by name, from what `--only` says. */
const CAMPAIGNS: Readonly<Record<string, (only?: string) => readonly FaultCampaign[]>> = {
  ingest: (only) => someOf("ingest", INGEST_CAMPAIGNS, only),
  audit: auditCampaigns,
  leaks: leakCampaigns,
  runtime: (only) => someOf("runtime", RUNTIME_CAMPAIGNS, only),
};

/** `tickbook faults NAME`: plants faults and counts what became of them. */
export const faultsCommand: AddCommand = (program) => {
  program
    .command("faults")
    .description("plant faults, seeded, and count what was lost, stored twice or passed unseen")
    .argument("<name>", `one of ${Object.keys(CAMPAIGNS).join(", ")}`)
    .option("--full", "the full counts, in place of small ones that end within minutes")
    .option("--seed <number>", "the same seed plants the same faults")
    .option(
      "--only <names>",
      "some campaigns of ingest (kill-random,disk-full) or runtime (kills,halts), kinds of faults for audit (gap,clean), or leaks (scaler,edge)",
    )
    .option("--keep", "keep the folder that the campaigns worked in")
    .action(
      action<FaultsFlags>(([name], flags, context) =>
        run(chosen(name!, flags.only), flags, context),
      ),
    );
};

async function run(
  campaigns: readonly FaultCampaign[],
  { full = false, keep = false }: FaultsFlags,
  { settings, say, progress }: CommandContext,
): Promise<CommandResult> {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-faults-"));
  const remove = cleanUpLater(() => {
    if (!keep) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  // Children, mounts and folders go with this process, however it is stopped.
  const stop = (): void => {
    cleanUpNow();
    process.exit(130);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  let runs: readonly CampaignRun[];
  try {
    runs = await runCampaigns(campaigns, {
      ...{ seed: settings.seed, isFull: full, folder, onProgress: progress },
      onEnd: (ended) => {
        progress(1, 1, "campaigns");
        say(`${describeRun(ended)}\n`);
      },
    });
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    remove();
    cleanUpNow();
  }
  if (keep) say(`what the campaigns worked on is in ${folder}`);
  say(summary(runs));
  const results = runs.flatMap((one) => one.results);
  const failed = runs.flatMap(({ campaign, error }) =>
    error === undefined ? [] : [{ campaign, reason: reasonOf(error) }],
  );
  return { json: { results, failed }, exitCode: runs.every(hasRunStood) ? 0 : 1 };
}

function describeRun({ campaign, table, error }: CampaignRun): string {
  if (error !== undefined) return `✗ ${campaign}: ${reasonOf(error)}`;
  return `${campaign}\n${table}`;
}

function reasonOf(error: Error): string {
  return error instanceof WorkbenchError ? error.message : unexpectedError(error);
}

function summary(runs: readonly CampaignRun[]): string {
  const planted = runs.flatMap(({ results }) => results).reduce((sum, one) => sum + one.tries, 0);
  const bad = runs.filter((one) => !hasRunStood(one)).map(({ campaign }) => campaign);
  const end = bad.length === 0 ? "all of them stood" : `not stood: ${bad.join(", ")}`;
  return `${runs.length} ${runs.length === 1 ? "campaign" : "campaigns"}, ${planted} faults planted, ${end}`;
}

function chosen(name: string, only: string | undefined): readonly FaultCampaign[] {
  const campaigns = CAMPAIGNS[name];
  if (campaigns === undefined) {
    throw new OptionError({
      column: "faults",
      message: `was asked for "${name}", of which there are no campaigns`,
      fix: `use one of ${Object.keys(CAMPAIGNS).join(", ")}`,
    });
  }
  return campaigns(only);
}

function someOf(
  name: string,
  campaigns: readonly FaultCampaign[],
  only: string | undefined,
): readonly FaultCampaign[] {
  if (only === undefined) return campaigns;
  return only.split(",").map((wanted) => {
    const campaign = campaigns.find((one) => one.name === wanted.trim());
    if (campaign !== undefined) return campaign;
    throw new OptionError({
      column: "--only",
      message: `was "${wanted}", which is no campaign of ${name}`,
      fix: `choose among ${campaigns.map((one) => one.name).join(", ")}`,
    });
  });
}
