import type { NormalizedMessage } from "../../store/rows/normalized-message.js";

/** When the messages of the exchange that follow it arrived where they were recorded, or that there are no more. */
export interface ArrivalMessage extends NormalizedMessage {
  readonly type: "arrival" | "end";
  /** µs since the epoch. */
  readonly arrivalUs: number;
}

/** Whether a message is of the recording, not of the market. */
export function isArrival(message: NormalizedMessage): message is ArrivalMessage {
  return message.type === "arrival" || isEnd(message);
}

/** Whether the recording is over. */
export function isEnd(message: NormalizedMessage): boolean {
  return message.type === "end";
}

/** A normalizer as the vendor's client takes it. */
export type NormalizerFactory = (exchange: string, localTime: Date) => ArrivalMapper;

interface ArrivalMapper {
  readonly canHandle: (message: unknown) => boolean;
  readonly map: (message: unknown, localTime: Date) => readonly NormalizedMessage[];
  readonly getFilters: () => [];
}

interface Wire {
  readonly arrivalUs?: unknown;
  readonly type?: unknown;
}

/**
 * Reads the times that a server on this machine adds to what it plays, as the first field of a message. It must be the
 * first normalizer, so that the time is known before the message is read.
 *
 * @param symbol - one of those asked for: the vendor's client lets nothing pass that is of another
 * @param options.isTrusted - false for other servers than those of this machine, whose times are not read
 * @param options.begin - called whenever the vendor's client begins anew, before it connects
 */
export function arrivalNormalizer(
  symbol: string,
  { isTrusted, begin }: { readonly isTrusted: boolean; readonly begin: () => void },
): NormalizerFactory {
  return () => ({
    canHandle: (message) => {
      if (!isTrusted || typeof message !== "object" || message === null) return false;
      const { arrivalUs, type } = message as Wire;
      return typeof arrivalUs === "number" || type === "end";
    },
    map: (message, localTime) => {
      const { arrivalUs } = message as Wire;
      const type = typeof arrivalUs === "number" ? "arrival" : "end";
      const times = { timestamp: localTime, localTimestamp: localTime };
      return [{ type, symbol: symbol.toUpperCase(), ...times, arrivalUs } as ArrivalMessage];
    },
    getFilters: () => {
      begin();
      return [];
    },
  });
}
