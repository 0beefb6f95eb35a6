import { PHASE_BEGINS } from "../../runtime/records.js";
import type { RunReport } from "./run-report.js";

/** Rows of a run's equity in one phase of its rules. */
export interface PhaseRows {
  /** Name of the phase; "" where the rules do not say it. */
  readonly phase: string;
  readonly from: number;
  /** One beyond the last. */
  readonly to: number;
}

/** The phases that an account went through, those without a row left out; with each, balance and floors begin anew. */
export function phaseRows({
  equity,
  events,
  run,
}: Pick<RunReport, "equity" | "events" | "run">): readonly PhaseRows[] {
  const begun = events.filter(({ name }) => name === PHASE_BEGINS);
  const names = run.settings.rules.phases.map(({ name }) => name);
  const first = names[names.indexOf(begun[0]?.detail ?? "") - 1] ?? "";
  const cuts = begun.map(({ atUs }) => {
    const row = equity.findIndex((one) => one.atUs >= atUs);
    return row < 0 ? equity.length : row;
  });
  const [starts, ends] = [
    [0, ...cuts],
    [...cuts, equity.length],
  ];
  return [first, ...begun.map(({ detail }) => detail)]
    .map((phase, i) => ({ phase, from: starts[i]!, to: ends[i]! }))
    .filter(({ from, to }) => to > from);
}
