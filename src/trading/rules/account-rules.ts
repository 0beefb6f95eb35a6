// What may an account of a firm lose, what must it earn, and what may it trade? Plain data: another firm is another preset.

/** The loss that a day allows, counted from its anchor. */
export interface DailyLossRule {
  /** With at most four digits: 0.05 is five percent. */
  readonly ratio: number;
  /** What it is a ratio of. */
  readonly of: "initial" | "anchor";
  /** What the day's floor lies below; taken at local midnight, and the initial capital on the first day. */
  readonly anchor: "balance" | "equity" | "higher";
}

/** The loss that an account allows over all, a ratio of its initial capital. */
export interface MaximumLossRule {
  readonly ratio: number;
  /** `static` counts from the initial capital, `trailing` from the highest balance at the end of a day, or the initial one. */
  readonly kind: "static" | "trailing";
}

/** One stage of an account: what passes it, and what only it forbids. */
export interface PhaseRules {
  readonly name: string;
  /** Profit that passes it, a ratio of the initial capital; null where there is nothing to pass. */
  readonly targetRatio: number | null;
  /** Local days on which a position must have been opened. */
  readonly leastDays: number;
  /** Most that the best day may be of the total profit, which delays passing and never fails; null for no such rule. */
  readonly bestDayRatio: number | null;
  /** No opening and no closing so many minutes before and after listed news; 0 for no such rule. */
  readonly newsMinutes: number;
  /** Flat before breaks of the market that last longer than this; null for no such rule. */
  readonly flatBeforeBreakHours: number | null;
}

/** What may be traded of a symbol at once, base currency. */
export interface LotRule {
  readonly most: number;
  readonly least: number;
  readonly step: number;
}

/** The rules of an account and of its phases, in the order in which they are passed. */
export interface AccountRules {
  readonly name: string;
  readonly initialUsd: number;
  /** IANA name; its midnight ends a day. */
  readonly timeZone: string;
  readonly dailyLoss: DailyLossRule;
  readonly maximumLoss: MaximumLossRule;
  readonly phases: readonly PhaseRules[];
  /** Most value of all positions, long and short, as a multiple of the equity. */
  readonly leverage: number;
  /** By symbol, or by coin for all of its symbols; what is in neither has no cap. */
  readonly lots: Readonly<Record<string, LotRule>>;
}

/** A set of rules that is known by name. */
export type RulesPreset =
  | "ftmo-two-step"
  | "ftmo-two-step-swing"
  | "ftmo-one-step"
  | "ftmo-funded"
  | "ftmo-funded-swing"
  | "equity-anchor"
  | "higher-anchor";

const FREE = { bestDayRatio: null, newsMinutes: 0, flatBeforeBreakHours: null } as const;

const FUNDED: PhaseRules = {
  ...FREE,
  name: "funded",
  targetRatio: null,
  leastDays: 0,
};

const FUNDED_STANDARD: PhaseRules = { ...FUNDED, newsMinutes: 2, flatBeforeBreakHours: 2 };

const CHALLENGE: PhaseRules = { ...FREE, name: "challenge", targetRatio: 0.1, leastDays: 4 };

const VERIFICATION: PhaseRules = { ...CHALLENGE, name: "verification", targetRatio: 0.05 };

const TWO_STEP: AccountRules = {
  name: "FTMO two-step",
  initialUsd: 100_000,
  timeZone: "Europe/Prague",
  dailyLoss: { ratio: 0.05, of: "initial", anchor: "balance" },
  maximumLoss: { ratio: 0.1, kind: "static" },
  phases: [CHALLENGE, VERIFICATION, FUNDED_STANDARD],
  leverage: 3.3,
  // Five lots a trade: a lot of bitcoin is one coin, one of ether ten.
  lots: {
    BTC: { most: 5, least: 0.01, step: 0.01 },
    ETH: { most: 50, least: 0.1, step: 0.1 },
  },
};

const SWING: AccountRules = {
  ...TWO_STEP,
  name: "FTMO two-step swing",
  phases: [CHALLENGE, VERIFICATION, FUNDED],
  leverage: 1,
};

/**
 * Rules by name.
 *
 * - `ftmo-two-step`: challenge, verification and a funded standard account, which knows news and breaks.
 * - `ftmo-two-step-swing`: the same with a funded swing account, which may hold through both, at less leverage.
 * - `ftmo-one-step`: a tighter day, a maximum loss that trails, and a rule on the best day in place of a minimum of days.
 * - `ftmo-funded`, `ftmo-funded-swing`: what the two steps lead to, for an account that begins there: nothing to pass, and the same
 *   floors.
 * - `equity-anchor`, `higher-anchor`: how other firms count a day: from the equity at midnight, or from the higher of balance and
 *   equity with a share of that as the day's allowance. No one firm's.
 *
 * @see https://academy.ftmo.com: maximum daily loss, maximum loss, profit target, minimum trading days;
 *   https://ftmo.com/en/trading-updates/trading-update-24-jul-2025 (lots of coins). The leverages of coins, 3.3 and 1, are those
 *   that third parties quote: check them against the platform.
 */
export const RULES_PRESETS: Readonly<Record<RulesPreset, AccountRules>> = {
  "ftmo-two-step": TWO_STEP,
  "ftmo-two-step-swing": SWING,
  "ftmo-one-step": {
    ...TWO_STEP,
    name: "FTMO one-step",
    dailyLoss: { ratio: 0.03, of: "initial", anchor: "balance" },
    maximumLoss: { ratio: 0.1, kind: "trailing" },
    phases: [{ ...CHALLENGE, leastDays: 0, bestDayRatio: 0.5 }, FUNDED_STANDARD],
  },
  "ftmo-funded": { ...TWO_STEP, name: "FTMO funded", phases: [FUNDED_STANDARD] },
  "ftmo-funded-swing": { ...SWING, name: "FTMO funded swing", phases: [FUNDED] },
  "equity-anchor": {
    ...TWO_STEP,
    name: "equity at midnight",
    timeZone: "UTC",
    dailyLoss: { ratio: 0.04, of: "initial", anchor: "equity" },
    maximumLoss: { ratio: 0.06, kind: "trailing" },
    phases: [{ ...CHALLENGE, targetRatio: 0.08, leastDays: 3 }, FUNDED],
  },
  "higher-anchor": {
    ...TWO_STEP,
    name: "higher of balance and equity at midnight",
    dailyLoss: { ratio: 0.05, of: "anchor", anchor: "higher" },
    maximumLoss: { ratio: 0.08, kind: "static" },
    phases: [{ ...CHALLENGE, targetRatio: 0.08, leastDays: 0 }, VERIFICATION, FUNDED],
  },
};

/** Most, least and step of a symbol's amounts; of its coin where the symbol itself has no rule. */
export function lotRule(rules: Pick<AccountRules, "lots">, symbol: string, coin: string): LotRule {
  return rules.lots[symbol] ?? rules.lots[coin] ?? NO_LOTS;
}

const NO_LOTS: LotRule = { most: Number.POSITIVE_INFINITY, least: 0, step: 0 };
