/**
 * Probability that a Student t variable lies farther from 0 than a value, on either side.
 *
 * @param t - the value; its sign does not matter
 * @param freedom - degrees of freedom, a whole number of at least 1
 * @returns in [0, 1], absolute error below 1e-13; NaN for NaN
 * @see Abramowitz & Stegun (1964), Handbook of Mathematical Functions, 26.7.3 and 26.7.4
 */
export function studentTails(t: number, freedom: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0;
  const angle = Math.atan2(Math.abs(t), Math.sqrt(freedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  // Even: sin θ · (1 + ½cos²θ + (1·3)/(2·4)cos⁴θ + …); odd: 2/π · (θ + sin θ · (cos θ + ⅔cos³θ + …)).
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    sum += term;
  }
  const inside = isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
  return Math.min(Math.max(1 - inside, 0), 1);
}

/**
 * Value that a Student t variable exceeds in size with a given probability: the half-width of an interval in standard
 * errors.
 *
 * @param tails - probability on both sides together, in (0, 1): 0.05 for an interval of 95 %
 * @param freedom - degrees of freedom, a whole number of at least 1
 */
export function studentCritical(tails: number, freedom: number): number {
  let [low, high] = [0, 2];
  while (studentTails(high, freedom) > tails && high < 1e12) high *= 2;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (studentTails(middle, freedom) > tails) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
