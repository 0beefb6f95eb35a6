// For tests and fault campaigns only: does the machine of the account rules say what a slow model of the same rules says?
import { type Random, seededRandom } from "../../core/random.js";
import { HOUR_US } from "../../core/time.js";
import { type AccountRules, RULES_PRESETS } from "./account-rules.js";
import { type AccountState, beginPhase, type LossRule } from "./account-state.js";
import { accountFloors } from "./floors.js";
import { drawBegin, drawEvent, type RandomAccount } from "./random-account.js";
import { midnightAfter, SlowAccount } from "./slow-account.js";
import { type AccountEvent, stepAccount } from "./step-account.js";

/** What many random steps brought forth; counts. */
export interface ModelComparison {
  readonly steps: number;
  readonly accounts: number;
  /** Breaches by the slow model, and those that only one of the two saw. */
  readonly breaches: Readonly<Record<LossRule, number>>;
  readonly missed: Readonly<Record<LossRule, number>>;
  readonly falseAlarms: Readonly<Record<LossRule, number>>;
  /** Steps after which they differ in anything else: a pass, a time, a floor, a count of days. */
  readonly different: number;
  /** First difference in words; "" for none. */
  readonly firstDifference: string;
  readonly passes: number;
  readonly midnights: number;
  /** Days of 23 and of 25 hours that began. */
  readonly shortDays: number;
  readonly longDays: number;
  /** Steps with the equity exactly at the floor, and breaches at a midnight that no event fell on. */
  readonly atFloor: number;
  readonly atMidnight: number;
}

/** How the comparison is run. */
export interface ComparisonOptions {
  readonly seed: number;
  readonly steps: number;
  /** The machine to be compared; another than the real one shows that the comparison sees faults. */
  readonly step?: typeof stepAccount;
  /** Rules to draw from; those of all presets when left out. */
  readonly presets?: readonly AccountRules[];
}

type Counts = {
  -readonly [Name in keyof ModelComparison]: ModelComparison[Name] extends number | string
    ? ModelComparison[Name]
    : Record<LossRule, number>;
};

/** Most steps of one account. */
const MOST_STEPS = 400;

/**
 * Runs random accounts of all presets, or of some, through ten years of days, in the machine and in the slow model, and counts where they differ.
 *
 * @param options.steps - events in all
 */
export function compareWithSlowModel({
  seed,
  steps,
  step = stepAccount,
  presets = Object.values(RULES_PRESETS),
}: ComparisonOptions): ModelComparison {
  const random = seededRandom(seed, "account rules");
  const counts = noCounts();
  while (counts.steps < steps) {
    const rules = presets[random.below(presets.length)]!;
    const phase = rules.phases[random.below(rules.phases.length)]!.name;
    const most = Math.min(MOST_STEPS, steps - counts.steps);
    runAccount(
      { random, rules, daring: 0.2 * random.uniform() ** 3 },
      { phase, most, step },
      counts,
    );
    counts.accounts++;
  }
  return counts;
}

function runAccount(
  drawn: RandomAccount,
  { phase, most, step }: { phase: string; most: number; step: typeof stepAccount },
  counts: Counts,
): void {
  const { random, rules } = drawn;
  const beganUs = drawBegin(random);
  const slow = new SlowAccount(rules, phase, beganUs);
  let state = beginPhase(rules, phase, beganUs);
  for (let i = 0; i < most && slow.end === undefined; i++) {
    const event = drawEvent(drawn, slow);
    countMidnights(rules, slow.dayEndUs, event, counts);
    slow.tell(event);
    state = step(rules, restored(random, state), event);
    counts.steps++;
    if (!agree({ rules, slow, state, event }, counts)) return;
  }
}

/** Every now and then a state is saved and restored. */
function restored(random: Random, state: AccountState): AccountState {
  return random.uniform() < 0.02 ? (JSON.parse(JSON.stringify(state)) as AccountState) : state;
}

interface Both {
  readonly rules: AccountRules;
  readonly slow: SlowAccount;
  readonly state: AccountState;
  readonly event: AccountEvent;
}

function agree({ rules, slow, state, event }: Both, counts: Counts): boolean {
  const { end } = slow;
  const expected = end?.what ?? "active";
  const actual = state.failure?.rule ?? state.status;
  if (expected === "daily-loss" || expected === "maximum-loss") {
    counts.breaches[expected]++;
    if (end!.atUs < event.atUs) counts.atMidnight++;
    if (state.status !== "failed") counts.missed[expected]++;
  } else if (actual === "daily-loss" || actual === "maximum-loss") counts.falseAlarms[actual]++;
  if (expected === "passed") counts.passes++;
  const [one, other] = [slowFacts(slow), machineFacts(rules, state)];
  if (state.failure === null && accountFloors(rules, state).headroomUsd === 0) counts.atFloor++;
  if (expected === actual && one === other) return true;
  counts.different++;
  counts.firstDifference ||= `${rules.name}, ${JSON.stringify(event)}: ${actual} ${other}, expected ${expected} ${one}`;
  return false;
}

/** All that both know of an account, cents, as text. */
function slowFacts(slow: SlowAccount): string {
  const { end } = slow;
  if (end !== undefined) {
    return end.what === "passed"
      ? `at ${end.atUs}`
      : `at ${end.atUs}: ${end.equity} < ${end.floor}`;
  }
  const { daily, maximum } = slow.floors();
  return `until ${slow.dayEndUs}: ${daily} ${maximum}, ${slow.openedDays} days`;
}

function machineFacts(rules: AccountRules, state: AccountState): string {
  const { failure, passedUs, dayEndUs, openedDays } = state;
  const cents = (usd: number): string => (100 * usd).toFixed(0);
  if (failure !== null) {
    return `at ${failure.atUs}: ${cents(failure.equityUsd)} < ${cents(failure.floorUsd)}`;
  }
  if (passedUs !== null) return `at ${passedUs}`;
  const { dailyUsd, maximumUsd } = accountFloors(rules, state);
  return `until ${dayEndUs}: ${cents(dailyUsd)} ${cents(maximumUsd)}, ${openedDays} days`;
}

/** Counts the midnights that an event passes. */
function countMidnights(
  { timeZone }: AccountRules,
  dayEndUs: number,
  { atUs }: AccountEvent,
  counts: Counts,
): void {
  for (let endUs = dayEndUs; endUs <= atUs; ) {
    const nextUs = midnightAfter(timeZone, endUs);
    counts.midnights++;
    if (nextUs - endUs === 23 * HOUR_US) counts.shortDays++;
    if (nextUs - endUs === 25 * HOUR_US) counts.longDays++;
    endUs = nextUs;
  }
}

function noCounts(): Counts {
  const none = (): Record<LossRule, number> => ({ "daily-loss": 0, "maximum-loss": 0 });
  return {
    ...{ steps: 0, accounts: 0, breaches: none(), missed: none(), falseAlarms: none() },
    ...{ different: 0, firstDifference: "", passes: 0, midnights: 0, shortDays: 0, longDays: 0 },
    ...{ atFloor: 0, atMidnight: 0 },
  };
}
