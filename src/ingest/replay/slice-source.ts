import type { ChannelFilter } from "./tardis-normalizers.js";

/** One minute of an exchange's own messages. */
export interface SliceRequest {
  readonly exchange: string;
  /** Start of the UTC day. */
  readonly dayStartUs: number;
  /** Minute of the day, 0 to 1439. */
  readonly minute: number;
  /** Channels and symbols that are wanted; a source may give more. */
  readonly filters: readonly ChannelFilter[];
}

/** What a source has of a day. */
export interface RawDay {
  readonly minutes: number;
  readonly bytes: number;
}

/** Where raw minutes come from. */
export interface SliceSource {
  /** What to call it in messages; holds no key. */
  readonly name: string;
  /**
   * Fails when the source can have nothing of an exchange.
   *
   * @throws {OptionError} the source is known not to have it
   */
  readonly requireKnown: (exchange: string) => Promise<void>;
  /**
   * What the source has of a day, without fetching it; undefined where only fetching would tell.
   *
   * @throws {DataError} the source is sure not to give the day, or it cannot be looked at
   */
  readonly lookUp: (exchange: string, dayStartUs: number) => Promise<RawDay | undefined>;
  /**
   * Brings a minute to this machine.
   *
   * @param temporary - path that a download may be written to; the caller removes it
   * @returns the gzip's path; undefined when the source does not have the minute
   * @throws {DataError} the minute cannot be fetched
   * @throws {OptionError} the source cannot be reached at all
   */
  readonly fetch: (request: SliceRequest, temporary: string) => Promise<string | undefined>;
  /** Ends open connections. */
  readonly close: () => void;
}

/** Path of a minute in the vendor's layout: `{exchange}/{yyyy}/{mm}/{dd}/{HH}/{MM}.json.gz`. */
export function slicePath({
  exchange,
  dayStartUs,
  minute,
}: Pick<SliceRequest, "exchange" | "dayStartUs" | "minute">): string {
  const [year, month, rest] = new Date(dayStartUs / 1000 + minute * 60_000)
    .toISOString()
    .split("-") as [string, string, string];
  const [day, hours, minutes] = [rest.slice(0, 2), rest.slice(3, 5), rest.slice(6, 8)];
  return `${exchange}/${year}/${month}/${day}/${hours}/${minutes}.json.gz`;
}
