/** What a campaign did with one kind of fault. */
export interface FaultResult {
  /** Kind of fault, in words. */
  readonly fault: string;
  /** How often it was planted. */
  readonly tries: number;
  /** How often it was noticed, or survived without a trace where that is what is asked for. */
  readonly detected: number;
  /** Rows or partitions that were there and are not any more, or that no further run brings back. */
  readonly lost: number;
  /** Rows that are stored twice. */
  readonly duplicated: number;
  /** How often the store differs from the truth and nobody says so. */
  readonly silent: number;
  /** What was found where nothing was wrong. */
  readonly falseAlarms?: number;
  /** What else a reader should know, in one sentence. */
  readonly note?: string;
}

/** How a campaign is run. */
export interface CampaignOptions {
  /** The same seed plants the same faults. */
  readonly seed: number;
  /** The counts of the full campaign, in place of the small ones that end within minutes. */
  readonly isFull: boolean;
  /** Empty folder for the campaign alone; the caller removes it. */
  readonly folder: string;
  /** Called now and then. */
  readonly onProgress: (done: number, total: number, what: string) => void;
}

/** Plants faults of one family and counts what became of them. */
export interface FaultCampaign {
  /** Name to choose it by. */
  readonly name: string;
  readonly run: (options: CampaignOptions) => Promise<readonly FaultResult[]>;
  /** Its results for people, where it has more to show than others. */
  readonly table?: (results: readonly FaultResult[]) => string;
}
