// Which trades came twice, by their ids, and which did not come at all?

import { counted } from "../../core/counted.js";
import type { IdentifiedTrades } from "../../store/tables.js";
import { type CheckResult, CLEAN } from "../finding.js";
import { HourlyCount } from "../measuring/hours.js";
import { IdRuns } from "../measuring/id-runs.js";
import type { MessageBatch } from "../measuring/messages.js";
import { SeenIds } from "../measuring/seen-ids.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/** Looks at the ids of a day's trades. */
export class TradeIdCheck {
  private identified = 0;
  private all = 0;
  private readonly settings: Pick<AuditSettings, "duplicate" | "sequenceJump">;
  private readonly seen = new SeenIds();
  private readonly trades = new HourlyCount();
  private readonly repeated = new HourlyCount();
  private readonly repeats = new Stretches();
  private readonly runs = new IdRuns();

  constructor(settings: Pick<AuditSettings, "duplicate" | "sequenceJump">) {
    this.settings = settings;
  }

  /** Takes further trades. */
  update({ rows: { localTimestampUs, id } }: MessageBatch<IdentifiedTrades>): void {
    this.all += id.length;
    for (let i = 0; i < id.length; i++) {
      const localUs = localTimestampUs[i]!;
      const text = id[i]!;
      this.trades.add(localUs);
      if (text === "") continue;
      this.identified++;
      const number = wholeNumber(text);
      if (!this.seen.add(Number.isNaN(number) ? hashOf(text) : number)) {
        this.repeats.add(localUs, localUs);
        this.repeated.add(localUs);
      } else if (!Number.isNaN(number)) this.runs.add(number, localUs);
    }
  }

  /** Whether trades are told apart by their ids: most of them have one. */
  areTold(): boolean {
    return this.identified > 0 && this.identified >= this.settings.duplicate.idShare * this.all;
  }

  /** Trades whose id an earlier trade of the day has. */
  duplicates(): CheckResult {
    const { count } = this.repeats;
    if (count === 0) return CLEAN;
    const marks = [...this.repeated.entries()].map(([hourUs, repeats]) => {
      const isBad = repeats / this.trades.of(hourUs) > this.settings.duplicate.badAbove;
      const reason = `${counted(repeats, "trade")} came twice`;
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
      detail: `${counted(count, "trade")} with the id of an earlier one`,
      spans: this.repeats.spans(),
    } as const;
    return { findings: [finding], marks };
  }

  /**
   * Ids that were left out, where ids count up. Where most of them leave others out, as where every other one comes, these
   * may be another market's: that is a numbering, and nothing is missing.
   */
  sequenceJumps(): CheckResult {
    const { sequenceShare, badAbove } = this.settings.sequenceJump;
    const unitShare = this.runs.unitShare();
    const holes = unitShare >= sequenceShare ? this.runs.holes() : [];
    if (holes.length === 0) return CLEAN;
    const jumps = new Stretches();
    const missingByHour = new HourlyCount();
    let missingIds = 0;
    for (const { missing, fromUs, toUs } of holes) {
      jumps.add(fromUs, toUs);
      missingByHour.add(toUs, missing);
      missingIds += missing;
    }
    const marks = [...missingByHour.entries()].map(([hourUs, missing]) => {
      const isBad = missing / (missing + this.trades.of(hourUs)) > badAbove;
      const reason = `${counted(missing, "trade id")} left out`;
      return { hourUs, verdict: isBad ? "bad" : "usable", reason } as const;
    });
    const places = counted(jumps.count, "place");
    const finding = {
      check: "sequence-jump",
      type: "trades",
      count: jumps.count,
      firstUs: jumps.firstUs,
      isFatal: false,
      value: missingIds,
      unit: "ids",
      detail: `${counted(missingIds, "id")} missing at ${places}, where ${percent(unitShare)} of the ids follow the one before`,
      spans: jumps.spans(),
    } as const;
    return { findings: [finding], marks };
  }
}

/**
 * An id of digits as a number below 2^53; NaN where it is none. One of more than 15 digits is told by its last 15 and the
 * rest modulo 9, which is that of its digits' sum: neighbours stay neighbours.
 */
function wholeNumber(text: string): number {
  const head = text.length - 15;
  let headSum = 0;
  let number = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    if (i < head) headSum += digit;
    else number = 10 * number + digit;
  }
  return (headSum % 9) * 1e15 + number;
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
