import path from "node:path";
import { seededRandom } from "../../core/random.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { killedRun } from "./killed-run.js";
import { startPostgres } from "./postgres-server.js";
import { referenceRun } from "./reference-run.js";
import { RunDatabases } from "./run-databases.js";
import { judgeRun } from "./run-left.js";
import { makeRunScene, playScene } from "./run-scene.js";
import { RunTally } from "./run-tally.js";
import { judgeStream } from "./stream-left.js";

const SMALL = { bars: 60, server: 5, embedded: 2, streamed: 4, killsARun: 5 } as const;
const FULL = { bars: 240, server: 150, embedded: 30, streamed: 60, killsARun: 15 } as const;
const LANES = 2;

/** Time from a process's first bar to its kill, at most, ms. */
const ALIVE_MS = 600;
/** Longer where it has to find its books first, and then something to hold. */
const STREAMED_MS = 2000;
/** A stream goes on whoever listens: it lasts as long as its kills and starts take, and some more. */
const KILL_MS = 4500;
const REST_MS = 6000;

interface KillKind {
  readonly name: string;
  readonly kills: number;
  readonly isEmbedded?: boolean;
  readonly isStream?: boolean;
}

/** Kills real processes that drive a run, and goes on with new ones. */
export const killRuns: FaultCampaign = { name: "kills", run };

async function run(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { isFull, seed, folder, onProgress } = options;
  const { bars, server: onServer, embedded, streamed, killsARun } = isFull ? FULL : SMALL;
  const server = await startPostgres();
  try {
    const databases = new RunDatabases(server);
    const scene = await makeRunScene(path.join(folder, "market"), { seed, bars });
    const truth = await referenceRun(scene, path.join(folder, "reference"), await databases.next());
    let done = 0;
    const onKill = (): void => onProgress(++done, onServer + embedded + streamed, "kills");
    const kinds: readonly KillKind[] = [
      { name: "PostgreSQL", kills: onServer },
      { name: "PGlite", kills: embedded, isEmbedded: true },
      { name: "stream", kills: streamed, isStream: true },
    ];
    const runKind = async ({
      name,
      kills,
      isEmbedded = false,
      isStream = false,
    }: KillKind): Promise<FaultResult> => {
      const what = isStream ? "a run's process that follows an exchange" : "a run's process";
      const where = isEmbedded ? "PGlite" : "PostgreSQL";
      const tally = new RunTally(`kill -9 of ${what}, ${where}, then the same run again`);
      let runs = 0;
      let planned = 0;
      const lane = async (): Promise<void> => {
        while (planned < kills) {
          const own = Math.min(killsARun, kills - planned);
          planned += own;
          const i = runs++;
          const root = path.join(folder, `${name}-${i}`);
          const lastsMs = own * KILL_MS + REST_MS;
          const speed = (bars * scene.barUs) / 1e3 / lastsMs;
          const exchange = isStream ? await playScene(scene, { speed }) : undefined;
          const plan = {
            ...{ scene, root, cutBytes: 4000, patienceMs: 30_000 },
            ...(isEmbedded ? {} : { databaseUrl: await databases.next() }),
            ...(exchange === undefined ? {} : { url: `${exchange.url}?arrivals=true` }),
          };
          const random = seededRandom(seed, `kills ${name} ${i}`);
          const killed = await killedRun(plan, {
            ...{ tally, random, kills: own, onKill },
            mostMs: isStream ? STREAMED_MS : ALIVE_MS,
            judge: (left) => (isStream ? judgeStream(left, scene) : judgeRun(left, truth)),
          });
          await exchange?.close();
          // A run may end before it was killed so often.
          planned -= own - killed;
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      return tally.result();
    };
    // Few kills leave a lane free, and a stream mostly waits.
    if (!isFull) return await Promise.all(kinds.map(runKind));
    const results: FaultResult[] = [];
    for (const kind of kinds) results.push(await runKind(kind));
    return results;
  } finally {
    await server.remove();
  }
}
