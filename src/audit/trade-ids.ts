// Which trades came twice, by their ids, and which did not come at all?
import type { TradeIds } from "../store/read-trade-ids.js";
import { type CheckResult, CLEAN } from "./finding.js";
import { HourlyCount } from "./hours.js";
import { SeenIds } from "./seen-ids.js";
import type { AuditSettings } from "./settings.js";
import { Stretches } from "./stretches.js";

/** Looks at the ids of a day's trades. */
export class TradeIdCheck {
  /** Trades that have an id. */
  identified = 0;
  private readonly settings: Pick<AuditSettings, "duplicate" | "sequenceJump">;
  private readonly seen = new SeenIds();
  private readonly trades = new HourlyCount();
  private readonly repeated = new HourlyCount();
  private readonly repeats = new Stretches();
  private readonly missing = new HourlyCount();
  private readonly jumps = new Stretches();
  private missingIds = 0;
  private steps = 0;
  private unitSteps = 0;
  private lastNumber = Number.NaN;
  private lastUs = Number.NaN;

  constructor(settings: Pick<AuditSettings, "duplicate" | "sequenceJump">) {
    this.settings = settings;
  }

  /** Takes the ids of further trades. */
  update({ localTimestampUs, number, hash }: TradeIds): void {
    for (let i = 0; i < number.length; i++) {
      const localUs = localTimestampUs[i]!;
      this.trades.add(localUs);
      if (Number.isNaN(hash[i]!)) continue;
      this.identified++;
      if (this.seen.add(hash[i]!)) this.step(number[i]!, localUs);
      else {
        this.repeats.add(localUs, localUs);
        this.repeated.add(localUs);
      }
      this.lastUs = localUs;
    }
  }

  /** Trades whose id an earlier trade of the day has. */
  duplicates(): CheckResult {
    const { count } = this.repeats;
    if (count === 0) return CLEAN;
    const marks = [...this.repeated.entries()].map(([hourUs, repeats]) => {
      const isBad = repeats / this.trades.of(hourUs) > this.settings.duplicate.badAbove;
      const reason = `${repeats} trades came twice`;
      return { hourUs, verdict: isBad ? "bad" : "usable", reason } as const;
    });
    const finding = {
      check: "duplicate",
      type: "trades",
      count,
      firstUs: this.repeats.firstUs,
      isFatal: false,
      value: count,
      unit: "rows",
      detail: `${count} trades have the id of an earlier one`,
      spans: this.repeats.spans(),
    } as const;
    return { findings: [finding], marks };
  }

  /** Ids that were left out, where ids count up. */
  sequenceJumps(): CheckResult {
    const { sequenceShare, badAbove } = this.settings.sequenceJump;
    const isSequence = this.unitSteps >= sequenceShare * this.steps;
    if (this.jumps.count === 0 || !isSequence) return CLEAN;
    const marks = [...this.missing.entries()].map(([hourUs, missing]) => {
      const isBad = missing / (missing + this.trades.of(hourUs)) > badAbove;
      const reason = `${missing} trade ids were left out`;
      return { hourUs, verdict: isBad ? "bad" : "usable", reason } as const;
    });
    const finding = {
      check: "sequence-jump",
      type: "trades",
      count: this.jumps.count,
      firstUs: this.jumps.firstUs,
      isFatal: false,
      value: this.missingIds,
      unit: "ids",
      detail: `${this.missingIds} ids are missing at ${this.jumps.count} places, where ${percent(this.unitSteps / this.steps)} of the ids follow the one before`,
      spans: this.jumps.spans(),
    } as const;
    return { findings: [finding], marks };
  }

  private step(number: number, localUs: number): void {
    if (!Number.isNaN(this.lastNumber) && number > this.lastNumber) {
      this.steps++;
      const skipped = number - this.lastNumber - 1;
      if (skipped === 0) this.unitSteps++;
      else {
        this.jumps.add(this.lastUs, localUs);
        this.missing.add(localUs, skipped);
        this.missingIds += skipped;
      }
    }
    // A late trade fills a hole that was counted.
    if (number < this.lastNumber && this.missingIds > 0) this.missingIds--;
    if (!(number < this.lastNumber)) this.lastNumber = number;
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
