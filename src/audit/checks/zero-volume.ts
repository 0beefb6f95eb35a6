// Where did trades stop while the book went on?
import { counted } from "../../core/counted.js";
import { secondsText } from "../../core/seconds-text.js";
import { MINUTE_US } from "../../core/time.js";
import { type CheckResult, CLEAN, type Span } from "../finding.js";
import type { StreamFacts } from "../market-watch.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/**
 * Stretches of whole minutes without volume in which the best prices kept changing: the market was there and its trades were
 * not told. Where the book was silent too it is a gap, or a market at rest.
 */
export class ZeroVolume {
  private readonly settings: AuditSettings["zeroVolume"];
  private readonly silences: Span[] = [];
  private tradeUs = Number.NaN;
  private changes = 0;
  private bidPrice = Number.NaN;
  private askPrice = Number.NaN;
  private lastUs = Number.NaN;

  constructor(settings: AuditSettings["zeroVolume"]) {
    this.settings = settings;
  }

  /** Takes best prices, of the book or quoted, in arrival order with the trades. */
  addTouch(localUs: number, bidPrice: number, askPrice: number): void {
    if (bidPrice !== this.bidPrice || askPrice !== this.askPrice) this.changes++;
    this.bidPrice = bidPrice;
    this.askPrice = askPrice;
    this.lastUs = localUs;
  }

  /** Takes the time of a trade. */
  addTrade(localUs: number): void {
    this.end(localUs);
    this.tradeUs = localUs;
    this.changes = 0;
  }

  /** What was found. */
  finish({ covered, gapUs }: Pick<StreamFacts, "covered" | "gapUs">): CheckResult {
    this.end(this.lastUs);
    const stretches = new Stretches();
    // Where trades are rare, ten minutes without one are how the market is.
    for (const [startUs, endUs] of this.silences) {
      if (!(endUs - startUs <= gapUs)) stretches.add(startUs, endUs);
    }
    if (stretches.count === 0) return CLEAN;
    const minutes = Math.floor(stretches.totalUs / MINUTE_US);
    const finding = {
      check: "zero-volume",
      type: "trades",
      count: minutes,
      firstUs: stretches.firstUs,
      isFatal: false,
      value: minutes,
      unit: "minutes",
      detail: `${counted(minutes, "minute")} without a trade, in ${counted(stretches.count, "stretch", "stretches")}, while the best prices kept changing`,
      spans: stretches.spans(),
    } as const;
    const limits = { usableAbove: 0, badAbove: this.settings.badAbove };
    const reason = (s: number): string =>
      `${s < 60 ? secondsText(s) : counted(Math.floor(s / 60), "minute")} without volume`;
    return { findings: [finding], marks: stretches.marks(covered, limits, reason) };
  }

  private end(nowUs: number): void {
    const { minutes, changes } = this.settings;
    if (!(nowUs - this.tradeUs >= minutes * MINUTE_US) || this.changes < changes) return;
    this.silences.push([this.tradeUs, nowUs]);
  }
}
