// What does a forecast lose that always states the base rate?

/** Its Brier loss. */
export function baseBrierLoss(upRate: number): number {
  return upRate * (1 - upRate);
}

/** Its log-loss, nats: the entropy of the base rate. */
export function baseLogLoss(upRate: number): number {
  if (upRate === 0 || upRate === 1) return 0;
  return -upRate * Math.log(upRate) - (1 - upRate) * Math.log(1 - upRate);
}
