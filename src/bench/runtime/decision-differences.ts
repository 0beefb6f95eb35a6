// Did the live path decide as the batch does? Bit for bit, bar by bar.
import { numbersToText } from "../../core/exact-numbers.js";
import type { RunSettings } from "../../runtime/loop/run-settings.js";
import type { DecisionRecord } from "../../runtime/records.js";
import type { BatchBar } from "./batch-signals.js";

/** Bars that differ, by what differs in them. */
export interface Differences {
  /** Bars of all symbols that the batch has. */
  readonly bars: number;
  readonly features: number;
  readonly masks: number;
  readonly mids: number;
  readonly probabilities: number;
  /** Side, or the reason for none. */
  readonly decisions: number;
  /** Bars that one has and the other has not. */
  readonly missing: number;
  /** Not counted above: bars on which the account or its limits kept a paper run from what the signal said. */
  readonly kept: number;
  /** Bars on which a side was taken. */
  readonly sides: number;
  /** Where they differ first. */
  readonly first?: string;
}

type Counts = { -readonly [Name in keyof Differences]: Differences[Name] };

/** How an account's words begin, where they say why less is staked than the signal says. */
const KEEPING = /^(risk|limit): /;

/**
 * Compares.
 *
 * @param batch - by symbol, then by the bar's end
 * @param options.mode - of the run: nothing keeps a dry run from what the signal says
 */
export function decisionDifferences(
  decisions: readonly DecisionRecord[],
  batch: ReadonlyMap<string, ReadonlyMap<number, BatchBar>>,
  { mode }: Pick<RunSettings, "mode">,
): Differences {
  const counts: Counts = {
    ...{ bars: 0, features: 0, masks: 0, mids: 0, probabilities: 0, decisions: 0 },
    ...{ missing: 0, kept: 0, sides: 0 },
  };
  for (const bars of batch.values()) counts.bars += bars.size;
  let matched = 0;
  for (const decision of decisions) {
    const bar = batch.get(decision.symbol)?.get(decision.barEndUs);
    if (bar === undefined) counts.missing++;
    else matched++;
    const names = bar === undefined ? ["missing"] : namesOf(counts, decision, { ...bar, mode });
    if (names.length > 0) {
      counts.first ??= `${decision.symbol} ${new Date(decision.barEndUs / 1000).toISOString()}: ${names.join(", ")}`;
    }
  }
  counts.missing += counts.bars - matched;
  return counts;
}

function namesOf(
  counts: Counts,
  decision: DecisionRecord,
  { row, signal, mode }: BatchBar & Pick<RunSettings, "mode">,
): readonly string[] {
  const differs = {
    features: decision.features !== numbersToText(row.values),
    masks: decision.valid !== row.valid.toString(),
    mids: !Object.is(decision.mid, row.mid),
    probabilities: !Object.is(decision.probability, signal.probability),
    decisions: decision.side !== signal.side || decision.reason !== signal.reason,
  };
  if (decision.side !== 0) counts.sides++;
  // What the market says is a side; that less of it or none is staked is the account's word.
  const isLess = signal.reason === "" && [0, signal.side].includes(decision.side);
  if (differs.decisions && isLess && mode === "paper" && KEEPING.test(decision.reason)) {
    differs.decisions = false;
    counts.kept++;
  }
  const names = (Object.keys(differs) as (keyof typeof differs)[]).filter((name) => differs[name]);
  for (const name of names) counts[name]++;
  return names;
}
