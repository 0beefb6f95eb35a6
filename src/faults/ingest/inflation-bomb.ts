// Is a file that inflates without end stopped soon, in little memory, with nothing left behind?
import path from "node:path";
import { gzipSync } from "node:zlib";
import { type Bomb, bombs } from "../bombs.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { SAMPLE_KEY, sampleLines, textOf } from "../sample-files.js";
import { type SampleStore, sampleStore } from "../sample-store.js";
import { Tally } from "../tally.js";
import { isSameTree } from "../tree-hashes.js";

/** What the full campaign allows: a stopped file, and a machine that is at work on other things too. */
const MOST_SECONDS = 5;
const MOST_MIB = 160;

/** So wide that bad rows do not end a file at once; what is written down of them has to end all the same. */
const BAD_SHARE = 0.05;

/** Gives an ingest files that are small and inflate to gigabytes. */
export const inflationBomb: FaultCampaign = { name: "inflation-bomb", run: runInflationBomb };

async function runInflationBomb(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { seed, isFull, folder, onProgress } = options;
  const sample = await sampleStore(path.join(folder, "bombs"), {
    maxRejectedShare: BAD_SHARE,
  });
  try {
    // What a first file loads is not the bombs' memory.
    const lines = sampleLines({ ...SAMPLE_KEY, type: "trades" }, { rows: 2000, seed });
    await sample.ingest(gzipSync(textOf(lines)), { ...SAMPLE_KEY, symbol: "ETHUSDT" });
    const results: FaultResult[] = [];
    const all = bombs(isFull);
    for (const bomb of all) {
      results.push(await tryBomb(sample, bomb, isFull));
      onProgress(results.length, all.length, "bombs");
    }
    return results;
  } finally {
    await sample.close();
  }
}

async function tryBomb(sample: SampleStore, bomb: Bomb, isFull: boolean): Promise<FaultResult> {
  const tally = new Tally(bomb.name);
  const bytes = bomb.make();
  const before = await sample.hashes();
  const { result: file, seconds, mib } = await measured(() => sample.ingest(bytes));
  const after = await sample.hashes();
  const isStored = file.status === "written" || !isSameTree(before, after);
  const note = `${(bytes.length / 2 ** 20).toFixed(1)} MiB, ended after ${seconds.toFixed(1)} s with ${mib.toFixed(0)} MiB more`;
  const what = `${file.status} ${file.reason ?? ""}`;
  const isQuick = !isFull || (seconds <= (bomb.mostSeconds ?? MOST_SECONDS) && mib <= MOST_MIB);
  if (isStored !== (bomb.isRight === true)) tally.add("silent", what);
  else tally.add(isQuick ? "detected" : undefined, what);
  return tally.result(note);
}

/** Runs something and watches the process's memory meanwhile. */
async function measured<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly seconds: number; readonly mib: number }> {
  const startBytes = process.memoryUsage.rss();
  let mostBytes = startBytes;
  const look = setInterval(() => {
    mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
  }, 10);
  const start = performance.now();
  try {
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    return { result, seconds, mib: (mostBytes - startBytes) / 2 ** 20 };
  } finally {
    clearInterval(look);
  }
}
