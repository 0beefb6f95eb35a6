import { seededRandom } from "../core/random.js";

/** One who does the work that is measured. */
export interface Contestant<Run> {
  readonly name: string;
  /** Does the work once. */
  readonly run: (round: number) => Promise<Run>;
}

/**
 * Lets all contestants do the work in turns, so that what disturbs the machine for a while disturbs all of them. Each
 * round has a seeded order of its own.
 *
 * @param onRun - called before each run
 * @returns every run by contestant, in the order of the rounds
 */
export async function alternate<Run>(
  contestants: readonly Contestant<Run>[],
  {
    rounds,
    seed,
    onRun,
  }: {
    readonly rounds: number;
    readonly seed: number;
    readonly onRun: (done: number, total: number, name: string) => void;
  },
): Promise<Readonly<Record<string, readonly Run[]>>> {
  const random = seededRandom(seed, "order of runs");
  const runs: Record<string, Run[]> = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  let done = 0;
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of shuffled(contestants, random.below)) {
      onRun(done++, rounds * contestants.length, name);
      runs[name]!.push(await run(round));
    }
  }
  return runs;
}

/** Fisher and Yates' shuffle. */
function shuffled<T>(items: readonly T[], below: (n: number) => number): readonly T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
