import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Random, seededRandom } from "../../core/random.js";
import { OUTSIDE } from "../../runtime/loop/prior.js";
import { openStore, type Store } from "../../store/store.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { driveRun, type RunPlan } from "./drive-run.js";
import { type PostgresServer, startPostgres } from "./postgres-server.js";
import { referenceRun } from "./reference-run.js";
import { RunDatabases } from "./run-databases.js";
import { judgeOrders, ofKind, type RunFlaws, type RunLeft, readLeft } from "./run-left.js";
import { makeRunScene } from "./run-scene.js";
import { NO_FLAWS, RunTally } from "./run-tally.js";
import { startRun } from "./start-run.js";

/** Runs at once, each of which meets every outage; and how often that is done. */
const SMALL = { bars: 90, rounds: 1, hurtMs: 1500, pausedMs: 1500 } as const;
const FULL = { bars: 240, rounds: 12, hurtMs: 2500, pausedMs: 6000 } as const;

/** Entries are to stop so soon after the database is gone. */
const NOTICE_MS = 1000;
/** From the begin of an outage to the kill of a run's process, at most. */
const MOST_KILL_MS = 400;
/** Between two outages. */
const CALM_MS = 1000;
const CALM_SPREAD_MS = 300;

/** Time of the machine's clock in which the database was away. */
interface Outage {
  readonly kind: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Hurts a server in the middle of runs, which go on, or are ended and begun again while it is away. */
export const outages: FaultCampaign = { name: "databases", run };

async function run(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { isFull, seed, folder, onProgress } = options;
  const { bars, rounds, hurtMs, pausedMs } = isFull ? FULL : SMALL;
  const server = await startPostgres();
  const scene = await makeRunScene(path.join(folder, "market"), { seed, bars });
  const store = await openStore(scene.store);
  try {
    const databases = new RunDatabases(server);
    const truth = await referenceRun(scene, path.join(folder, "reference"), await databases.next());
    const through = new RunTally("the server is killed, stopped, paused and slowed under a run");
    const restarted = new RunTally(
      "the same, with kill -9 of the run's process, which is begun again meanwhile",
    );
    for (let round = 0; round < rounds; round++) {
      const random = seededRandom(seed, `outages ${round}`);
      // The run goes on for a while after the last of the four outages.
      const lastsMs = 5 * (CALM_MS + CALM_SPREAD_MS) + 3 * hurtMs + pausedMs;
      const speed = (bars * scene.barUs) / 1e3 / lastsMs;
      const plan = async (name: string): Promise<RunPlan> => {
        const root = path.join(folder, `${name}-${round}`);
        await mkdir(root, { recursive: true });
        return { scene, root, speed, cutBytes: 4000, databaseUrl: await databases.next() };
      };
      const plans = [await plan("through"), await plan("restarted")] as const;
      const hurting = new Hurting(server, { random, hurtMs, pausedMs });
      const [, complaint] = await Promise.all([
        driveThrough(plans[0], store),
        driveRestarted(plans[1], random, hurting),
        hurting.run(),
      ]);
      for (const [i, tally] of [through, restarted].entries()) {
        const flaws = await judgeOutages(plans[i]!, truth, hurting.outages, {
          // A process that has just begun may come too late to see anything of an outage.
          isSteady: i === 0,
        });
        if (i === 1 && complaint !== "") flaws.push({ ...NO_FLAWS, what: complaint });
        tally.add(
          `round ${round}`,
          hurting.outages.map(({ kind }) => kind),
          flaws,
        );
      }
      onProgress(round + 1, rounds, "rounds of outages");
    }
    return [through.result(), restarted.result()];
  } finally {
    await store.close();
    await server.remove();
  }
}

/** Takes a server away and brings it back, in every way, one after the other. */
class Hurting {
  readonly outages: Outage[] = [];
  /** Undefined while the server is there. */
  present: string | undefined;

  constructor(
    private readonly server: PostgresServer,
    private readonly options: {
      readonly random: Random;
      readonly hurtMs: number;
      readonly pausedMs: number;
    },
  ) {}

  /** Whether the server is away in a way that was not met before. */
  isNew(met: ReadonlySet<string>): boolean {
    return this.present !== undefined && !met.has(this.present);
  }

  async run(): Promise<void> {
    const { server } = this;
    const { random, hurtMs, pausedMs } = this.options;
    const kinds: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>])[] = [
      ["killed", () => server.kill(), () => server.start()],
      ["paused", async () => server.pause(), async () => server.resume()],
      ["stopped", () => server.stop(), () => server.start()],
      ["slowed", () => this.slow(hurtMs), async () => {}],
    ];
    for (const [kind, hurt, heal] of kinds) {
      await sleep(CALM_MS + random.below(CALM_SPREAD_MS));
      const fromMs = Date.now();
      this.present = kind;
      await hurt();
      // One that stands still is given up by whoever connects after three seconds.
      if (kind !== "slowed") await sleep(kind === "paused" ? pausedMs : hurtMs);
      const untilMs = Date.now();
      await heal();
      this.present = undefined;
      this.outages.push({ kind, fromMs, untilMs });
    }
  }

  /** Stands still most of the time, each time for less than what a run takes for an outage. */
  private async slow(ms: number): Promise<void> {
    const { server } = this;
    for (const begun = Date.now(); Date.now() - begun < ms; ) {
      server.pause();
      await sleep(200);
      server.resume();
      await sleep(40);
    }
  }
}

/** Drives a run to its end; what the database did not take before it is brought there by a last process. */
async function driveThrough(plan: RunPlan, store: Store): Promise<void> {
  for (let waiting = 1; waiting > 0; ) ({ waiting } = await driveRun(plan, store));
}

/**
 * Kills the run's process in each outage, and begins it again at once, while the server is still away.
 *
 * @returns what a process complained of; "" for nothing
 */
async function driveRestarted(plan: RunPlan, random: Random, hurting: Hurting): Promise<string> {
  const met = new Set<string>();
  for (;;) {
    const child = startRun(plan);
    while (child.isRunning() && !hurting.isNew(met)) await sleep(5);
    if (child.isRunning()) {
      met.add(hurting.present!);
      await sleep(random.below(MOST_KILL_MS));
      child.kill();
    }
    const { code, signal, out, err } = await child.ended;
    if (signal === "SIGKILL") continue;
    if (code !== 0) return `ended with ${code}: ${err.trim()}`;
    // What the database did not take before the end is brought there by a last process.
    if ((JSON.parse(out) as { readonly waiting: number }).waiting === 0) return "";
  }
}

async function judgeOutages(
  plan: RunPlan,
  truth: RunLeft,
  all: readonly Outage[],
  { isSteady }: { readonly isSteady: boolean },
): Promise<RunFlaws[]> {
  const left = await readLeft(plan);
  const flaws = [judgeOrders(left)];
  const fail = (what: string): unknown => flaws.push({ ...NO_FLAWS, what });
  const entries = new Set(
    ofKind(left.records, "order").flatMap(({ id, purpose }) => (purpose === "entry" ? [id] : [])),
  );
  const barsOf = ({ records }: RunLeft): string =>
    JSON.stringify([
      ofKind(records, "decision").map(({ symbol, barEndUs }) => [symbol, barEndUs]),
      ofKind(records, "equity").map(({ atUs }) => atUs),
    ]);
  if (barsOf(left) !== barsOf(truth))
    fail("bars are missing, or written twice, or in another order");
  let exits = 0;
  for (const { kind, fromMs, untilMs } of all) {
    if (kind === "slowed") continue;
    const seen = left.exchange.filter(({ seenMs }) => seenMs > fromMs && seenMs < untilMs);
    const late = seen.filter(({ id, seenMs }) => entries.has(id) && seenMs > fromMs + NOTICE_MS);
    if (late.length > 0) fail(`${late.length} entries while the server was ${kind}`);
    exits += seen.filter(({ id }) => !entries.has(id)).length;
  }
  const lastMs = left.exchange.at(-1)?.seenMs ?? 0;
  for (const { kind, untilMs } of all) {
    if (lastMs < untilMs) fail(`the run was over before the server had been ${kind}`);
  }
  if (isSteady && exits === 0) fail("no exit while the server was away");
  const outside = ofKind(left.records, "decision").filter((one) => one.reason.startsWith(OUTSIDE));
  if (isSteady && outside.length === 0) fail("no decision says that the database was down");
  return flaws;
}
