// Is a gzip that was cut off anywhere noticed, named with its byte, and nothing of it stored?
import path from "node:path";
import { type Random, seededRandom } from "../../core/random.js";
import type { IngestedPartition } from "../../ingest/ingest.js";
import { vendorPath } from "../../ingest/vendor-path.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { type BlockKind, gzipWithLayout, type MemberLayout } from "../gzip-layout.js";
import { SAMPLE_KEY, sampleLines, textOf } from "../sample-files.js";
import { type SampleStore, sampleStore } from "../sample-store.js";
import { Tally } from "../tally.js";
import { isSameTree } from "../tree-hashes.js";

const FULL_CUTS = 264;
const SMALL_CUTS = 24;

/** Where in a gzip a cut falls. */
type Place =
  | "in the header"
  | "in the first bytes of deflate"
  | "inside a block"
  | "at a block's border"
  | "in the CRC"
  | "in the length"
  | "between members, within a line";

/** Cuts a gzip off at every kind of place. */
export const gzipCut: FaultCampaign = { name: "gzip-cut", run: runGzipCut };

async function runGzipCut(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { seed, isFull, folder, onProgress } = options;
  const random = seededRandom(seed, "gzip cuts");
  const { bytes, layout } = sampleGzip(seed);
  const clean = await sampleStore(path.join(folder, "clean"));
  const tried = await sampleStore(path.join(folder, "cut"));
  try {
    await requireWritten(clean, bytes);
    const cuts = chooseCuts(layout, random, isFull ? FULL_CUTS : SMALL_CUTS);
    const tallies = new Map<Place, Tally>();
    let done = 0;
    for (const { place, at } of cuts) {
      const tally = tallies.get(place) ?? new Tally(`gzip cut ${place}`);
      tallies.set(place, tally);
      await tryCut(tried, bytes.subarray(0, at), tally);
      onProgress(++done, cuts.length, "cuts");
    }
    const whole = new Tally("the whole file after all cuts");
    const file = await tried.ingest(bytes);
    const isEqual = isSameTree(await tried.hashes(), await clean.hashes());
    whole.add(isEqual ? "detected" : "lost", `${file.status} ${file.reason ?? ""}`);
    return [...tallies.values(), whole].map((tally) => tally.result());
  } finally {
    await clean.close();
    await tried.close();
  }
}

async function tryCut(tried: SampleStore, cut: Buffer, tally: Tally): Promise<void> {
  const file = await tried.ingest(cut);
  const isEmpty = Object.keys(await tried.hashes()).every((name) => !name.includes("date="));
  const what = `cut to ${cut.length} bytes: ${file.status} ${file.reason ?? `${file.rows} rows`}`;
  if (file.status !== "failed" || !isEmpty) tally.add("silent", what);
  else tally.add(isNamed(file, cut.length) ? "detected" : undefined, what);
}

/** The reason says which file, that it ends too early, and where: the byte, or the row of a text that a whole gzip holds. */
function isNamed({ reason = "" }: IngestedPartition, at: number): boolean {
  const place = vendorPath(SAMPLE_KEY);
  if (at === 0) return reason.startsWith(`${place}: was empty`);
  const isByte = reason.match(/\d+/g)?.includes(String(at)) === true && reason.includes("byte");
  const isRow = reason.startsWith(`${place}, row `);
  return reason.startsWith(place) && reason.includes("was truncated") && (isByte || isRow);
}

/** Three members with blocks of every kind; the members' borders lie within lines. */
function sampleGzip(seed: number): ReturnType<typeof gzipWithLayout> {
  const text = textOf(sampleLines({ ...SAMPLE_KEY, type: "trades" }, { rows: 400, seed }));
  const kinds: readonly BlockKind[] = ["dynamic", "stored", "fixed", "dynamic"];
  const blockBytes = Math.ceil(text.length / (3 * kinds.length));
  const member = (first: number): { text: Buffer; kind: BlockKind }[] =>
    kinds.map((kind, i) => {
      const start = (first + i) * blockBytes;
      return { text: text.subarray(start, start + blockBytes), kind };
    });
  const extra = Buffer.from("TB\x04\x00tick", "latin1");
  const fields = { name: "BTCUSDT.csv", comment: "trades", extra };
  return gzipWithLayout([
    { blocks: member(0), ...fields },
    { blocks: member(kinds.length), hasHeaderCrc: true },
    { blocks: member(2 * kinds.length), name: "BTCUSDT.csv" },
  ]);
}

/** Cuts at every kind of place: all there are, or as many of each; what is left of the count falls inside blocks. */
function chooseCuts(
  layout: readonly MemberLayout[],
  random: Random,
  count: number,
): readonly { readonly place: Place; readonly at: number }[] {
  const places: Readonly<Record<string, readonly number[]>> = {
    "in the header": layout.flatMap(({ start, body }) => range(start, body)),
    "in the first bytes of deflate": layout.flatMap(({ body }) => range(body, body + 6)),
    "at a block's border": layout.flatMap(({ blockEnds }) =>
      blockEnds.slice(0, -1).flatMap((border) => [border - 1, border, border + 1]),
    ),
    "in the CRC": layout.flatMap(({ trailer }) => range(trailer, trailer + 4)),
    "in the length": layout.flatMap(({ trailer, end }) => range(trailer + 4, end)),
    "between members, within a line": layout.slice(0, -1).map(({ end }) => end),
  } satisfies Partial<Record<Place, readonly number[]>>;
  const each = Math.floor(count / 7);
  const isAll = Object.values(places).flat().length <= count;
  const cuts = Object.entries(places).flatMap(([place, offsets]) => {
    // A member's first byte is the place between it and the one before.
    const own = offsets.filter((at) => place.startsWith("between") || !isBorder(layout, at));
    return (isAll ? own : spread(own, each)).map((at) => ({ place: place as Place, at }));
  });
  for (let i = 0; cuts.length < count; i++) {
    const { body, trailer } = layout[i % layout.length]!;
    cuts.push({ place: "inside a block", at: body + 6 + random.below(trailer - body - 6) });
  }
  return cuts;
}

function isBorder(layout: readonly MemberLayout[], at: number): boolean {
  return layout.slice(1).some(({ start }) => start === at);
}

/** At most so many of a list, from all over it. */
function spread(items: readonly number[], count: number): readonly number[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** The truth that everything else is compared with has to be there. */
async function requireWritten(clean: SampleStore, bytes: Buffer): Promise<void> {
  const file = await clean.ingest(bytes);
  if (file.status !== "written") throw new Error(`the whole file was not stored: ${file.reason}`);
}
