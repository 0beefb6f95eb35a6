// A run's parity for people, line by line.
import { counted } from "../core/counted.js";
import { verdictShape } from "../reporting/verdict.js";
import { COMPARED } from "../runtime/acceptance/compare-bars.js";
import type { Parity } from "../runtime/acceptance/parity.js";
import {
  boundText,
  rowsApart,
  type StreamShares,
  streamShares,
  symbolFaults,
} from "../runtime/acceptance/parity-faults.js";
import type { SymbolParity } from "../runtime/acceptance/parity-findings.js";
import type { StreamCounts } from "../runtime/acceptance/stream-pairs.js";

/** What was compared and what differs: in all, by symbol, by part, where first, and what was not compared. */
export function parityLines(parity: Parity): readonly string[] {
  const { run, bars, differentBars, differences, first, circumstances, symbols } = parity;
  const names = symbols.filter((one) => one.bars > 0).map(({ symbol }) => symbol);
  const of = `${count(differentBars)} of ${count(bars)} bars of ${names.join(", ")} differ from the store`;
  const head = bars === 0 ? "no bar was compared, so that nothing is known" : of;
  const parts = COMPARED.filter((part) => differences[part] > 0).map(
    (part) => `  ${part}: ${count(differences[part])}`,
  );
  const place =
    first === null
      ? []
      : [
          `  first: ${first.symbol} at ${new Date(first.barEndUs / 1000).toISOString()}, ${first.part}: logged ${first.logged}, computed ${first.computed}`,
        ];
  const beside = Object.entries(circumstances).map(
    ([reason, rows]) => `  compared as far as the signal goes: ${count(rows)} (${reason})`,
  );
  const days = (what: string, of: Parity["missingDays"]): readonly string[] =>
    of.length === 0
      ? []
      : [`  ${what}: ${of.map(({ symbol, date }) => `${symbol} ${date}`).join(", ")}`];
  return [
    `${run}: ${head}`,
    ...(parity.isExact ? [] : [`  ${boundText()}`]),
    ...symbols.map(symbolLine),
    ...parts,
    ...place,
    ...beside,
    ...days("no features stored, not compared", parity.missingDays),
    ...days(`features begin anew after a missing day, ${apartText(parity)}`, parity.apartDays),
    ...(parity.distances ?? []).map(distanceLine),
  ];
}

function apartText({ isExact }: Parity): string {
  return isExact
    ? "so that bits cannot be equal on any day from then on: begin a run of another name to compare more"
    : "not compared until they have warmed up; later days are";
}

function symbolLine(one: SymbolParity): string {
  const { symbol, bars, differentBars, differences, stream } = one;
  const faults = symbolFaults(one);
  const mark = verdictShape(faults.length === 0 ? "pass" : "fail");
  const compared = `${mark} ${symbol}: ${counted(bars, "bar")}`;
  const found =
    bars === 0
      ? []
      : stream === null
        ? [`${count(differentBars)} differ`]
        : streamWords(streamShares({ ...one, stream }), differences, stream);
  const told = stream === null && bars > 0 ? [] : faults;
  return [compared, ...found, ...told.map((fault) => fault.toUpperCase())].join(", ");
}

function streamWords(
  { rows, sides, lacking }: StreamShares,
  differences: SymbolParity["differences"],
  { staked }: StreamCounts,
): readonly string[] {
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
  const others = `${count(differences.side)} of ${counted(staked, "staked bar")} with another side`;
  return [
    `${count(rowsApart(differences))} apart (${percent(rows)})`,
    staked === 0 ? "none staked" : `${others} (${percent(sides)})`,
    ...(Number.isNaN(lacking) ? [] : [`${percent(lacking)} of the values unknown to the run`]),
  ];
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function distanceLine(distance: NonNullable<Parity["distances"]>[number]): string {
  const { name, bars, onlyOne, equal, median, ninetyNinth } = distance;
  const share = Number.isNaN(equal) ? "no values" : `${(100 * equal).toFixed(1)} % equal`;
  return `  ${name.padEnd(22)} ${share}, gaps of ${median.toPrecision(2)} (half) and ${ninetyNinth.toPrecision(2)} (99 %) deviations, ${bars} bars, ${onlyOne} with one value`;
}
