// What did the ticks around a finding look like?
import type { LocatedFinding } from "../../audit/audit.js";
import type { CheckName, Span } from "../../audit/finding.js";
import type { BookType } from "../../audit/measuring/book-state.js";
import { partitionFolder } from "../../store/partition.js";
import { readManifest, readSelected, type SymbolDay, TIMES } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import type { DataType } from "../../store/tables.js";
import { candlePicture } from "./candle-picture.js";
import { quotePicture, snapshotPicture } from "./comparison-picture.js";
import { delayPicture } from "./delay-picture.js";
import {
  isMoment,
  type PictureWindow,
  pictureWindow,
  ROW_MARGINS_US,
  shownPlace,
} from "./finding-window.js";
import { levelPicture } from "./level-picture.js";
import { marketPicture } from "./market-picture.js";
import type { FindingPicture, PictureContent } from "./picture.js";

/** What is drawn of a check's findings. */
type PictureKind = "market" | "delay" | "level" | "quotes" | "snapshots" | "candles";

const KINDS: Readonly<Record<CheckName, PictureKind>> = {
  gap: "market",
  reconnect: "market",
  duplicate: "market",
  order: "delay",
  "clock-offset": "delay",
  "clock-drift": "delay",
  "sequence-jump": "market",
  "crossed-book": "market",
  "locked-book": "market",
  "quote-mismatch": "quotes",
  "snapshot-mismatch": "snapshots",
  "frozen-level": "market",
  "stale-book": "market",
  "trade-outside-book": "market",
  outlier: "market",
  "regime-break": "level",
  "zero-volume": "market",
  "one-sided": "market",
  "rejected-row": "market",
  coverage: "market",
  "source-mismatch": "candles",
};

/**
 * A picture of the ticks around each finding's longest place.
 *
 * @param exchange - whose findings they are
 * @param findings - the worst first
 * @throws {DataError} a partition is damaged
 */
export async function findingPictures(
  store: Store,
  { exchange }: { readonly exchange: string },
  findings: readonly LocatedFinding[],
): Promise<readonly FindingPicture[]> {
  const pictures: FindingPicture[] = [];
  for (const finding of findings) {
    const day = { exchange, symbol: finding.symbol, date: finding.date };
    const place = shownPlace(finding);
    const window = pictureWindow(finding, place, await rowsWithin(store, day, finding, place));
    const content = await contentOf(store, day, { finding, place, window });
    pictures.push({ ...content, rank: pictures.length + 1, finding, place, window });
  }
  return pictures;
}

function contentOf(
  store: Store,
  day: SymbolDay,
  { finding, place, window }: Pick<FindingPicture, "finding" | "place" | "window">,
): Promise<PictureContent> {
  const kind =
    finding.type === "candles" && finding.check !== "coverage" ? "candles" : KINDS[finding.check];
  switch (kind) {
    case "market":
      return marketPicture(store, day, finding, window);
    case "delay":
      return delayPicture(store, day, finding, window);
    case "level":
      return levelPicture(store, day, finding, window);
    case "quotes":
      return quotePicture(store, { ...day, type: finding.type as BookType }, place, window);
    case "snapshots":
      return snapshotPicture(store, day, window);
    case "candles":
      return candlePicture(store, day, finding, window);
  }
}

/** Messages of the finding's type within each margin of a single row; none where it has no rows, or a stretch is shown. */
async function rowsWithin(
  store: Store,
  day: SymbolDay,
  { type }: LocatedFinding,
  place: Span,
): Promise<readonly number[]> {
  const counts = ROW_MARGINS_US.map(() => 0);
  if (type === "candles" || !isMoment(place)) return counts;
  const key: SymbolDay & { readonly type: DataType } = { ...day, type };
  if (((await readManifest(store, key))?.rows ?? 0) === 0) return counts;
  const widest: PictureWindow = {
    fromUs: place[0] - ROW_MARGINS_US.at(-1)!,
    toUs: place[1] + ROW_MARGINS_US.at(-1)!,
  };
  const read = readSelected<{ localTimestampUs: Float64Array }>;
  for await (const { localTimestampUs } of read(store, partitionFolder(key), TIMES)) {
    if (localTimestampUs[0]! > widest.toUs) break;
    for (const [i, timeUs] of localTimestampUs.entries()) {
      // A message has many rows, and they stand at one place.
      if (timeUs === localTimestampUs[i - 1]) continue;
      const distanceUs = Math.max(place[0] - timeUs, timeUs - place[1], 0);
      ROW_MARGINS_US.forEach((marginUs, i) => {
        if (distanceUs <= marginUs) counts[i]!++;
      });
    }
  }
  return counts;
}
