import type { Contestant } from "../alternate.js";
import type { MeasuredRun } from "../measured-child.js";
import type { LatencyWork } from "./latency-child.js";
import type { NetworkRunner } from "./network-runner.js";
import type { StepsWork } from "./steps-child.js";

/** Steps of one process that count, after those that do not. */
export const TIMED_STEPS = 10;

/** Share of units silenced where dropout is measured. */
export const DROPOUT = 0.2;

/** What is measured in rounds. */
export type Kind = "steps" | "dropout" | "latency";

/** One process; which figures it has depends on the kind. */
export interface NetworkRun extends MeasuredRun {
  readonly work: Partial<StepsWork & LatencyWork>;
}

/** PyTorch's fastest variants on this machine, by form of the network. */
export type Variants = Readonly<
  Record<string, { readonly steps: string; readonly latency: string }>
>;

/**
 * Ours and each form of PyTorch's for each kind, dropout by the first one only; `contestantName` has their names.
 *
 * @param timedCalls - predictions of one process that count
 */
export function networkContestants(
  { ours, theirs }: NetworkRunner,
  variants: Variants,
  timedCalls: number,
): readonly Contestant<NetworkRun>[] {
  const contestant = (name: string, run: () => Promise<MeasuredRun>): Contestant<NetworkRun> => ({
    name,
    run: async () => {
      const measured = await run();
      return { ...measured, work: JSON.parse(measured.output) as NetworkRun["work"] };
    },
  });
  const steps = String(TIMED_STEPS);
  const calls = String(timedCalls);
  const own = [
    contestant(contestantName("steps"), () => ours("steps", steps, "0")),
    contestant(contestantName("dropout"), () => ours("steps", steps, String(DROPOUT))),
    contestant(contestantName("latency"), () => ours("latency", calls)),
  ];
  const forms = Object.entries(variants);
  const rivals = forms.flatMap(([form, best]) => [
    contestant(contestantName("steps", form), () => theirs("steps", best.steps, steps, "0")),
    contestant(contestantName("latency", form), () => theirs("latency", best.latency, calls)),
  ]);
  const dropouts = forms
    .slice(0, 1)
    .map(([form, best]) =>
      contestant(contestantName("dropout", form), () =>
        theirs("steps", best.steps, steps, String(DROPOUT)),
      ),
    );
  return [...own, ...rivals, ...dropouts];
}

/** Of a form of PyTorch's; without one, ours. */
export function contestantName(kind: Kind, form = "ours"): string {
  return `${form} (${kind})`;
}
