/** Differences this small against the values they are between are rounding: the values are equal. */
export const ROUNDING = 1e-12;
