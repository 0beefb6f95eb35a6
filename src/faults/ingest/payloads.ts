// Can a name, a day or a field of a file leave the store, read beside the mirror, or change a query?
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import { type Random, seededRandom } from "../../core/random.js";
import { query } from "../../store/query.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { type Baits, hostileText, SECRET } from "../hostile-texts.js";
import { attemptsByName, attemptsOfCommands } from "../payload-attempts.js";
import { attemptInFile } from "../payload-fields.js";
import { attemptsOfSql } from "../payload-sql.js";
import { plantEnvironment } from "../plant-environment.js";
import { runCommand } from "../run-command.js";
import { putFile, SAMPLE_KEY, sampleLines, textOf } from "../sample-files.js";
import { ingestKey, type SampleStore, sampleStore, storeHashes } from "../sample-store.js";
import { Tally } from "../tally.js";
import { treeHashes } from "../tree-hashes.js";

const FULL_PAYLOADS = 500;
const SMALL_PAYLOADS = 12;

const SUMS = "SELECT count(*), sum(price), min(id), max(side) FROM trades";

/** Puts hostile texts wherever a name, a day, a type or a field of a file goes. */
export const payloads: FaultCampaign = { name: "payloads", run: runPayloads };

async function runPayloads(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { seed, isFull, folder, onProgress } = options;
  const random = seededRandom(seed, "payloads");
  const baits = await putBaits(folder, seed);
  const sample = await sampleStore(path.join(folder, "own"));
  const tallies = [
    new Tally("hostile name, day or type given to the library"),
    new Tally("hostile name, day or type on the command line"),
    new Tally("hostile text as SQL"),
    new Tally("hostile field in a vendor file"),
  ] as const;
  // Runs of a few rows are none to plan with.
  const restore = plantEnvironment({ TICKBOOK_CACHE: path.join(folder, "cache") });
  try {
    const lines = sampleLines({ ...SAMPLE_KEY, type: "trades" }, { rows: 50, seed });
    await sample.ingest(gzipSync(textOf(lines)));
    const guard = await standGuard(folder, sample);
    const mend = () => ingestKey(sample.store, sample.mirror, SAMPLE_KEY, { verify: true });
    const count = isFull ? FULL_PAYLOADS : SMALL_PAYLOADS;
    for (let number = 0; number < count; number++) {
      const text = hostileText(random, chooseNumber(random, number, count), baits);
      await tryText(sample, text, { baits, guard, mend, tallies });
      onProgress(number + 1, count, "payloads");
    }
  } finally {
    restore();
    await sample.close();
  }
  return tallies.map((tally) => tally.result());
}

/** The small campaign takes some of the direct texts and as many random ones. */
function chooseNumber(random: Random, number: number, count: number): number {
  if (count === FULL_PAYLOADS) return number;
  return number % 2 === 0 ? random.below(50) : 1000 + number;
}

/** A mirror's layout, a store's and a secret beside those that may be used. */
async function putBaits(folder: string, seed: number): Promise<Baits> {
  const outside = path.join(folder, "outside");
  const lines = sampleLines({ ...SAMPLE_KEY, type: "trades" }, { rows: 5, seed });
  const bytes = gzipSync(textOf([lines[0]!, ...lines.slice(1).map((line) => `${line}`)]));
  for (const exchange of ["binance", "."])
    await putFile(outside, { ...SAMPLE_KEY, exchange }, bytes);
  const target = path.join(outside, "target.csv");
  await writeFile(target, `${SECRET}\n`);
  return { folder: outside, target };
}

/** Says what changed since: outside of the store, in it, or in what a query sees. */
async function standGuard(folder: string, { store }: SampleStore): Promise<() => Promise<string>> {
  const look = async (): Promise<Readonly<Record<string, unknown>>> => {
    const isOwn = (name: string): boolean =>
      ["own/store", "fields", "cache"].some((own) => name.startsWith(own));
    return {
      outside: without(await treeHashes(folder), isOwn),
      "the store": without(await storeHashes(store.root), isRightWork),
      "a query": await query(store, SUMS).then(({ rows }) => rows, String),
    };
  };
  const before = await look();
  return async () => {
    const now = await look();
    const changed = Object.keys(now).filter((what) => !isDeepStrictEqual(now[what], before[what]));
    return changed.join(" and ");
  };
}

/** A text that is a right name makes audit and features do their work: tables of the sample's own day. */
function isRightWork(name: string): boolean {
  const { exchange, symbol, date } = SAMPLE_KEY;
  const place = ["bar=1m", `exchange=${exchange}`, `symbol=${symbol}`, `date=${date}`];
  const files = ["manifest.json", "part-0.parquet"];
  const [stage, ...steps] = name.split("/");
  const isDerived = ["audit", "audit-findings", "features", "feature-state"].includes(stage!);
  return isDerived && steps.every((step) => [...place, ...files].includes(step));
}

function without(
  hashes: Readonly<Record<string, string>>,
  isLeftOut: (name: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(hashes).filter(([name]) => !isLeftOut(name)));
}

/** Gives one text to everything that takes texts, and looks what changed after each kind. */
async function tryText(
  sample: SampleStore,
  text: string,
  {
    baits,
    guard,
    mend,
    tallies,
  }: {
    readonly baits: Baits;
    readonly guard: () => Promise<string>;
    readonly mend: () => Promise<unknown>;
    readonly tallies: readonly Tally[];
  },
): Promise<void> {
  const kinds = [
    () => attemptsByName(sample, text),
    () => attemptsOfCommands(runCommand, sample, text),
    () => attemptsOfSql(sample.store, text, baits),
    () => attemptInFile(path.join(path.dirname(baits.folder), "fields"), text),
  ];
  for (const [i, attempts] of kinds.entries()) {
    const misdeeds = (await attempts()).filter((misdeed) => misdeed !== undefined);
    const changed = await guard();
    if (changed !== "") await mend();
    const worst = misdeeds.find(({ isSilent }) => isSilent) ?? misdeeds[0];
    const what = `${JSON.stringify(text.slice(0, 80))}: ${changed === "" ? worst?.what : `${changed} changed`}`;
    const isSilent = changed !== "" || worst?.isSilent === true;
    tallies[i]!.add(isSilent ? "silent" : worst === undefined ? "detected" : undefined, what);
  }
}
