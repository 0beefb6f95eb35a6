/** How long a bucket's server may take, and how often it is asked. */
export interface BucketLimits {
  /** To be connected to. */
  readonly connectMs: number;
  /** To do nothing, or next to nothing. */
  readonly idleMs: number;
  /** From a request's first byte to its answer: a part at a modem's speed. */
  readonly requestMs: number;
  /** Before something is tried again. */
  readonly pauseMs: number;
  /** Tries of a request that the server fails to answer, where AWS_MAX_ATTEMPTS says nothing. */
  readonly tries: number;
}

export const BUCKET_LIMITS: BucketLimits = {
  connectMs: 10_000,
  idleMs: 60_000,
  requestMs: 30 * 60_000,
  pauseMs: 200,
  tries: 5,
};
