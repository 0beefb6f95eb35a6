/** What a number has to be. */
export interface NumberRule {
  readonly fits: (value: number) => boolean;
  /** The rule in words: "a whole number from 1 to 999". */
  readonly expected: string;
}
