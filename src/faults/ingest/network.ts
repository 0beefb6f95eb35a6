// Does a download survive a failing server within its budget of requests, and end with the same bytes?
import { rm } from "node:fs/promises";
import path from "node:path";
import { type Random, seededRandom } from "../../core/random.js";
import { ingest } from "../../ingest/ingest.js";
import { openSource } from "../../ingest/open-source.js";
import { vendorPath } from "../../ingest/vendor-path.js";
import { openStore } from "../../store/store.js";
import type { PartitionKey } from "../../store/tables.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { type FaultyServer, startFaultyServer, wholeFile } from "../faulty-server.js";
import { gzipWithLayout } from "../gzip-layout.js";
import {
  type NetworkFault,
  PASSING_FAULTS,
  REFUSALS,
  status,
  UNSEEN_FAULTS,
} from "../network-faults.js";
import { SAMPLE_KEY, type SampleType, sampleLines, textOf } from "../sample-files.js";
import { storeHashes } from "../sample-store.js";
import { Tally } from "../tally.js";
import { isSameTree } from "../tree-hashes.js";

const FULL_TRIES = 12;

/** Limits of the client: quick waits, all else as wide as one machine needs. */
const LIMITS = {
  firstWaitMs: 1,
  longestWaitMs: 5000,
  stallMs: 300,
  paceWindowMs: 300,
  minBytesPerSecond: 5000,
  requestsPerSecond: 1000,
} as const;

/** The file that is hit, and one that is asked for before or after it and is not. */
const HIT: PartitionKey = SAMPLE_KEY;
const SPARED: PartitionKey = { ...SAMPLE_KEY, type: "quotes" };

/** Lets a server fail in every way, for some requests or for good. */
export const network: FaultCampaign = { name: "network", run: runNetwork };

/** What all tries share. */
interface Scene {
  readonly server: FaultyServer;
  readonly random: Random;
  readonly root: string;
  readonly truth: Readonly<Record<string, string>>;
  /** Requests that one file may take. */
  readonly budget: number;
  readonly order: Order;
}

/** A fault and how it is tried. */
interface Trial {
  /** Trials of one name are counted together. */
  readonly name: string;
  readonly run: (scene: Scene, tally: Tally) => Promise<void>;
}

/** Whether the first request of a run is hit, or only one after a right answer. */
type Order = "hit first" | "spared first";

/** Lasting faults that the small campaign draws of all. */
const FEW = 3;

/** Every kind of fault, passing and lasting. */
function allTrials(random: Random, isFull: boolean): readonly Trial[] {
  // Faults that ask for a wait would only take longer here.
  const lasting = PASSING_FAULTS.filter(({ askedWaitMs }) => askedWaitMs === undefined);
  while (!isFull && lasting.length > FEW) lasting.splice(random.below(lasting.length), 1);
  const last = (
    name: string,
    faults: readonly NetworkFault[],
    requests: "one" | "the whole budget" | "any",
  ): readonly Trial[] =>
    faults.map((fault) => ({
      name,
      run: (scene, tally) => tryLasting(scene, { fault, requests }, tally),
    }));
  return [
    ...PASSING_FAULTS.map((fault) => ({
      name: `${fault.name}, then right`,
      run: (scene: Scene, tally: Tally) => tryPassing(scene, fault, tally),
    })),
    ...last("any of these, for good", lasting, "the whole budget"),
    ...last("bytes cut or altered that are announced as they come", UNSEEN_FAULTS, "any"),
    ...last(
      "status 400, 401, 403, 404 or 410: asked once",
      REFUSALS.map((code) => status(code)),
      "one",
    ),
  ];
}

async function runNetwork(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { seed, isFull, folder, onProgress } = options;
  const server = await startFaultyServer(sampleFiles(seed));
  const budget = isFull ? 6 : 2;
  const tries = isFull ? FULL_TRIES : 1;
  const random = seededRandom(seed, "network");
  const tallies = new Map<string, Tally>();
  try {
    const clean = path.join(folder, "clean");
    await bringIn(server, clean, { budget, order: "spared first" });
    const truth = await storeHashes(clean);
    const scene = { server, random, root: path.join(folder, "tried"), truth, budget };
    const trials = allTrials(random, isFull);
    for (const [done, { name, run }] of trials.entries()) {
      const tally = tallies.get(name) ?? new Tally(name);
      tallies.set(name, tally);
      for (let i = 0; i < tries; i++) {
        // A single try is the harder one: nothing is known yet of a server that fails at once.
        await run({ ...scene, order: i % 2 === 0 ? "hit first" : "spared first" }, tally);
      }
      onProgress(done + 1, trials.length, "kinds of network faults");
    }
  } finally {
    await server.close();
  }
  return [...tallies.values()].map((tally) => tally.result());
}

/** The server fails some times and then is right: the first run has to end with all bytes, within its requests. */
async function tryPassing(scene: Scene, fault: NetworkFault, tally: Tally): Promise<void> {
  const { server, random, root, truth, budget, order } = scene;
  const times = 1 + random.below(budget - 1);
  server.answerWith((place, nth) =>
    place === vendorPath(HIT) && nth <= times ? fault.answer(random) : wholeFile,
  );
  const { status, reason } = await bringIn(server, root, { budget, order });
  const asked = server.requests.get(vendorPath(HIT)) ?? [];
  const isObeyed = asked
    .slice(1, times + 1)
    .every((ms, i) => ms - asked[i]! >= (fault.askedWaitMs ?? 0));
  const isInBudget = asked.length > times && asked.length <= budget;
  const isEqual = isSameTree(await storeHashes(root), truth);
  const what = `${order}, ${times} times: ${status} after ${asked.length} requests ${reason}`;
  if (status === "written" && !isEqual) tally.add("silent", what);
  else tally.add(isEqual && isInBudget && isObeyed ? "detected" : undefined, what);
  await rm(root, { recursive: true, force: true });
}

/** The server fails for good: the run has to say so after its requests, and the next one, of a right server, mends it. */
async function tryLasting(
  scene: Scene,
  {
    fault,
    requests,
  }: { readonly fault: NetworkFault; readonly requests: "one" | "the whole budget" | "any" },
  tally: Tally,
): Promise<void> {
  const { server, random, root, truth, budget, order } = scene;
  server.answerWith((place) => (place === vendorPath(HIT) ? fault.answer(random) : wholeFile));
  const { status, reason } = await bringIn(server, root, { budget, order });
  const asked = server.requests.get(vendorPath(HIT))?.length ?? 0;
  const isCounted =
    requests === "any" ? asked <= budget : asked === (requests === "one" ? 1 : budget);
  const isStored = Object.keys(await storeHashes(root)).some((name) =>
    name.includes("lake/trades"),
  );
  const isAbsence = fault.name === "status 404";
  const isSaid = isAbsence ? status === "absent" : status === "failed" && isNamed(reason);
  server.answerWith(() => wholeFile);
  await bringIn(server, root, { budget, order });
  const what = `${fault.name}, ${order}: ${status} after ${asked} requests ${reason}`;
  if (isStored) tally.add("silent", what);
  else if (!isSameTree(await storeHashes(root), truth)) tally.add("lost", what);
  else tally.add(isSaid && isCounted ? "detected" : undefined, what);
  await rm(root, { recursive: true, force: true });
}

function isNamed(reason: string): boolean {
  return reason.startsWith(vendorPath(HIT)) && reason.includes("; ");
}

/** Ingests both files from the server; what became of the one that is hit. */
async function bringIn(
  { url, certificate }: FaultyServer,
  root: string,
  { budget, order }: Pick<Scene, "budget" | "order">,
): Promise<{ readonly status: string; readonly reason: string }> {
  const store = await openStore(root);
  const source = await openSource(url, { certificate, ...LIMITS, triesPerFile: budget });
  try {
    const { exchange, symbol, date } = HIT;
    // One after the other, so that the order is kept.
    const types = [SPARED.type, HIT.type];
    if (order === "hit first") types.reverse();
    const request = { exchange, symbols: [symbol], types, days: [date], jobs: 1 };
    const files = await ingest(store, source, request);
    const file = files.find(({ type }) => type === HIT.type)!;
    return { status: file.status, reason: file.reason ?? "" };
  } finally {
    source.close();
    await store.close();
  }
}

/** Vendor files in two members whose border is a line's end, which cuts there leave whole. */
function sampleFiles(seed: number): Readonly<Record<string, Buffer>> {
  const file = (key: PartitionKey & { readonly type: SampleType }): [string, Buffer] => {
    const lines = sampleLines(key, { rows: 400, seed });
    const member = (from: number, to: number) => ({
      blocks: [{ text: textOf(lines.slice(from, to)), kind: "dynamic" as const }],
    });
    return [vendorPath(key), gzipWithLayout([member(0, 200), member(200, 401)]).bytes];
  };
  return Object.fromEntries([
    file({ ...HIT, type: "trades" }),
    file({ ...SPARED, type: "quotes" }),
  ]);
}
