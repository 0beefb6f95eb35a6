// Money and what trading costs, in the words of cards and terminals.

/** An amount of money: "100,000 USD". */
export function usdText(usd: number): string {
  return `${usd.toLocaleString("en-US")} USD`;
}

/** What holding a position costs; no funding where the preset has no rate. */
export function fundingText(defaultFundingRate: number | undefined): string {
  if (defaultFundingRate === undefined || Number.isNaN(defaultFundingRate)) return "none";
  return `the venue's own rates; where they are not stored ${(100 * defaultFundingRate).toFixed(3)} % for every eight hours`;
}
