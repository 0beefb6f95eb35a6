/** One thing that `doctor` looked for. */
export interface Finding {
  readonly name: string;
  /** Version or place; null when it is missing or does not work. */
  readonly value: string | null;
  /** True when commands fail without it. */
  readonly isNeeded: boolean;
  /** What it means that it is missing or as it is, and how to get it. */
  readonly remark?: string;
}
