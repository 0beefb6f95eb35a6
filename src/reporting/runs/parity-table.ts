// Did the run decide what the store's data says?
import { counted } from "../../core/counted.js";
import type { Parity } from "../../runtime/acceptance/parity.js";
import { parityFaults } from "../../runtime/acceptance/parity-faults.js";
import type { Cell, Table } from "../table.js";
import type { RunReport } from "./run-report.js";

/** One line a part of a bar, bars that differ; of a stream one line a feature, how far apart values are. */
export function parityTable({ parity }: Pick<RunReport, "parity">): Table {
  if (parity.distances !== null) return distancesTable(parity.distances);
  const { differences, bars, circumstances } = parity;
  const parts = Object.entries(differences).map(([part, rows]): readonly Cell[] => [
    part,
    bars,
    rows,
  ]);
  const beside = Object.entries(circumstances).map(([reason, rows]): readonly Cell[] => [
    `compared as far as the signal goes: ${reason}`,
    rows,
    null,
  ]);
  return {
    caption: "Logged beside computed again from the store, bit for bit",
    columns: [{ name: "part" }, { name: "bars" }, { name: "bars that differ" }],
    rows: [...parts, ...beside],
  };
}

function distancesTable(distances: NonNullable<Parity["distances"]>): Table {
  return {
    caption:
      "Features of a stream beside those of the vendor's files, whose arrival times are others",
    columns: [
      { name: "feature", kind: "short" },
      { name: "bars" },
      { name: "bars with one value alone" },
      { name: "same bits", unit: "%", digits: 1 },
      { name: "half differ by less than", unit: "deviations", digits: 4 },
      { name: "99 % differ by less than", unit: "deviations", digits: 4 },
    ],
    rows: distances.map(({ name, bars, onlyOne, equal, median, ninetyNinth }): readonly Cell[] => [
      ...[name, bars, onlyOne, 100 * equal],
      ...[median, ninetyNinth],
    ]),
  };
}

/** In words, with the first difference where there is one. */
export function parityFindings({ parity }: Pick<RunReport, "parity">): string {
  const { first, missingDays, apartDays } = parity;
  const lacking = [...missingDays, ...apartDays].map(({ symbol, date }) => `${symbol} ${date}`);
  const rest =
    lacking.length === 0
      ? ""
      : ` Not compared, since the store has no features of that stream: ${lacking.slice(0, 10).join(", ")}${lacking.length > 10 ? ` and ${lacking.length - 10} more` : ""}.`;
  return `${parityWords(parity)}${first === null ? "" : ` The first: ${placeOf(first)}.`}${rest}`;
}

function parityWords(parity: Parity): string {
  const { bars, differentBars, isExact } = parity;
  if (bars === 0) return "**Nothing could be compared.**";
  if (!isExact) {
    const faults = parityFaults(parity);
    const word = faults.length === 0 ? "within the bounds of that" : faults.join("; ");
    return `**Bits are not compared**, since a stream's arrival times are others: of ${counted(bars, "bar")} ${differentBars.toLocaleString("en-US")} are apart, ${word}.`;
  }
  if (differentBars === 0) {
    return `**Features, masks, mids, probabilities and sides of all ${bars.toLocaleString("en-US")} bars are those of the store, bit for bit.**`;
  }
  return `**${differentBars.toLocaleString("en-US")} of ${counted(bars, "bar")} differ from the store.**`;
}

function placeOf({
  symbol,
  barEndUs,
  part,
  logged,
  computed,
}: NonNullable<Parity["first"]>): string {
  const at = new Date(barEndUs / 1000).toISOString().slice(0, 19);
  return `${symbol} at ${at}Z, ${part}: logged ${logged}, computed ${computed}`;
}
