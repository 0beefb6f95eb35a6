// Which trades came twice, by their ids, and which did not come at all?
import type { IdentifiedTrades } from "../../store/tables.js";
import { type CheckResult, CLEAN } from "../finding.js";
import { HourlyCount } from "../measuring/hours.js";
import type { MessageBatch } from "../measuring/messages.js";
import { SeenIds } from "../measuring/seen-ids.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

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

  /** Takes further trades. */
  update({ rows: { localTimestampUs, id } }: MessageBatch<IdentifiedTrades>): void {
    for (let i = 0; i < id.length; i++) {
      const localUs = localTimestampUs[i]!;
      const text = id[i]!;
      this.trades.add(localUs);
      if (text === "") continue;
      this.identified++;
      const number = wholeNumber(text);
      if (this.seen.add(Number.isNaN(number) ? hashOf(text) : number)) this.step(number, localUs);
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

/** An id of digits as a number; NaN where it is none, or has more than 15. */
function wholeNumber(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** 53 bits of a text, spread evenly. */
function hashOf(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9dc5811c;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
  }
  low ^= high >>> 15;
  high ^= low >>> 13;
  return (high & 0x1f_ffff) * 0x1_0000_0000 + (low >>> 0);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
