/** What a client allows a server before it gives up, and what it allows itself. */
export interface ClientLimits {
  /** Requests of one file, the first included; a redirect that is followed belongs to its request. */
  readonly triesPerFile: number;
  /** Requests beyond the first of each file that a whole run may make; each new file adds one to them. */
  readonly repeatsPerRun: number;
  /** Wait before the second try; it doubles from try to try. */
  readonly firstWaitMs: number;
  /** Longest wait between two tries, whatever the server asks for. */
  readonly longestWaitMs: number;
  /** A connection on which nothing arrives for so long is given up. */
  readonly stallMs: number;
  /** A body is given up when fewer bytes a second than this arrive over a whole window. */
  readonly minBytesPerSecond: number;
  /** Length of that window. */
  readonly paceWindowMs: number;
  /** Requests under way at once, bodies included. */
  readonly requestsAtOnce: number;
  /** Requests begun in a second. */
  readonly requestsPerSecond: number;
  /** Redirects followed for one request. */
  readonly redirects: number;
}

const DEFAULTS: ClientLimits = {
  triesPerFile: 6,
  repeatsPerRun: 200,
  firstWaitMs: 500,
  longestWaitMs: 60_000,
  stallMs: 60_000,
  minBytesPerSecond: 2048,
  paceWindowMs: 30_000,
  requestsAtOnce: 8,
  requestsPerSecond: 50,
  redirects: 5,
};

/** The limits that are named, and the default of each that is not. */
export function clientLimits(given: Partial<ClientLimits>): ClientLimits {
  const named = Object.entries(given).filter(
    ([name, value]) => name in DEFAULTS && value !== undefined,
  );
  return { ...DEFAULTS, ...(Object.fromEntries(named) as Partial<ClientLimits>) };
}
