// Is a csv.gz with flipped bits refused, or does it hold the same rows to the byte?
import { createHash } from "node:crypto";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { type Random, seededRandom } from "../../core/random.js";
import { vendorPath } from "../../ingest/vendor-path.js";
import { partitionFolder } from "../../store/partition.js";
import { type BitFlips, randomFlips, withFlips } from "../bit-flips.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { gzipWithLayout, type MemberLayout } from "../gzip-layout.js";
import { SAMPLE_KEY, sampleLines, textOf } from "../sample-files.js";
import { type SampleStore, sampleStore } from "../sample-store.js";
import { Tally } from "../tally.js";

const FULL_FLIPS = 2000;
const SMALL_FLIPS = 30;

/** Bits flipped at once, at most. */
const MOST_BITS = 6;

const TABLE = `${partitionFolder(SAMPLE_KEY)}/part-0.parquet`;

/** Flips bits in csv.gz files. */
export const gzipFlip: FaultCampaign = { name: "gzip-flip", run: runGzipFlip };

async function runGzipFlip(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { seed, isFull, folder, onProgress } = options;
  const random = seededRandom(seed, "gzip flips");
  const { bytes, layout } = sampleGzip(seed);
  const clean = await sampleStore(path.join(folder, "clean"));
  const written = await clean.ingest(bytes);
  const truth = (await clean.hashes())[TABLE];
  await clean.close();
  if (truth === undefined) throw new Error(`the whole file was not stored: ${written.reason}`);
  const count = isFull ? FULL_FLIPS : SMALL_FLIPS;
  const parts = new Map<string, { readonly tally: Tally; harmless: number }>();
  for (let done = 0; done < count; done++) {
    const { part, flips } = chooseFlips(layout, random, done);
    const kept = parts.get(part);
    const found = kept ?? { tally: new Tally(`bits flipped in ${part} of csv.gz`), harmless: 0 };
    if (kept === undefined) parts.set(part, found);
    // A store of its own: one that is there would be kept or replaced.
    const tried = await sampleStore(path.join(folder, "flipped"));
    try {
      if (await tryFlips(tried, { bytes, flips, truth }, found.tally)) found.harmless++;
    } finally {
      await tried.close();
      await tried.remove();
    }
    onProgress(done + 1, count, "flips");
  }
  return [...parts.values()].map(({ tally, harmless }) =>
    tally.result(
      harmless === 0
        ? ""
        : `${harmless} left every row as it was, and the manifest has the SHA-256 of the altered file`,
    ),
  );
}

/** Returns true when the flips changed no row, which an inflater of its own and the stored table both say. */
async function tryFlips(
  tried: SampleStore,
  {
    bytes,
    flips,
    truth,
  }: { readonly bytes: Buffer; readonly flips: BitFlips; readonly truth: string },
  tally: Tally,
): Promise<boolean> {
  const flipped = withFlips(bytes, flips);
  const file = await tried.ingest(flipped);
  const what = `bits ${flips.bits.join(" ")} of ${bytes.length} bytes: ${file.status} ${file.reason ?? ""}`;
  const stored = (await tried.hashes())[TABLE];
  if (file.status === "failed") {
    const isNamed = file.reason?.startsWith(vendorPath(SAMPLE_KEY));
    if (stored !== undefined) tally.add("silent", `${what}, yet a table was stored`);
    else tally.add(isNamed ? "detected" : undefined, what);
    return false;
  }
  const isSame =
    stored === truth && file.rejected === 0 && inflated(flipped).equals(inflated(bytes));
  const isOwnHash = file.sha256 === createHash("sha256").update(flipped).digest("hex");
  tally.add(isSame && isOwnHash ? "detected" : "silent", what);
  return isSame;
}

function inflated(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Two members whose header fields, blocks and trailers all get their share of the flips. */
function sampleGzip(seed: number): ReturnType<typeof gzipWithLayout> {
  const text = textOf(sampleLines({ ...SAMPLE_KEY, type: "trades" }, { rows: 300, seed }));
  const part = (i: number): Buffer =>
    text.subarray((i * text.length) / 4, ((i + 1) * text.length) / 4);
  return gzipWithLayout([
    {
      name: "BTCUSDT.csv",
      blocks: [
        { text: part(0), kind: "dynamic" },
        { text: part(1), kind: "fixed" },
      ],
    },
    {
      hasHeaderCrc: true,
      blocks: [
        { text: part(2), kind: "stored" },
        { text: part(3), kind: "dynamic" },
      ],
    },
  ]);
}

/** A fifth of the flips in the headers, a fifth in the trailers, the rest in the compressed rows. */
function chooseFlips(
  layout: readonly MemberLayout[],
  random: Random,
  number: number,
): { readonly part: string; readonly flips: BitFlips } {
  const { start, body, trailer, end } = layout[random.below(layout.length)]!;
  const most = number % 2 === 0 ? 1 : MOST_BITS;
  if (number % 5 === 3) {
    return { part: "the header", flips: randomFlips(random, { from: start, to: body, most }) };
  }
  if (number % 5 === 4) {
    return { part: "the trailer", flips: randomFlips(random, { from: trailer, to: end, most }) };
  }
  return { part: "the blocks", flips: randomFlips(random, { from: body, to: trailer, most }) };
}
