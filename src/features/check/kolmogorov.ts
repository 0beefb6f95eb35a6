/**
 * Probability that Kolmogorov's variable, the largest gap between two distribution functions in units of its scatter, is
 * larger than a value: 2 Σ (−1)^(k−1) exp(−2k²λ²).
 *
 * @see Kolmogorov (1933), Sulla determinazione empirica di una legge di distribuzione
 */
export function kolmogorovTail(lambda: number): number {
  // 1 to six digits; the alternating series hardly converges there.
  if (lambda < 0.27) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = Math.exp(-2 * (k * lambda) ** 2);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-17) break;
  }
  return Math.min(Math.max(2 * sum, 0), 1);
}
