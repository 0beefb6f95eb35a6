import { moduleOf } from "../../core/module-of.js";
import type { NormalizedMessage } from "../../store/rows/normalized-message.js";
import type { DataType } from "../../store/tables.js";

/** What the exchange is asked for. */
export interface ChannelFilter {
  readonly channel: string;
  /** In the exchange's spelling; left out for all. */
  readonly symbols?: readonly string[];
}

/** Turns one connection's messages into normalized ones; it remembers what it has seen. */
export interface MessageMapper {
  readonly canHandle: (message: unknown) => boolean;
  readonly map: (message: unknown, localTime: Date) => Iterable<NormalizedMessage> | undefined;
  readonly getFilters: (symbols?: string[]) => ChannelFilter[];
}

/** Computes further messages from normalized ones. */
export interface MessageComputer {
  readonly compute: (message: NormalizedMessage) => Iterable<NormalizedMessage>;
}

/** How the messages of a data type come about. */
export interface Normalizer {
  /** Makes the mapper of a new connection; types with the same one share what it gives. */
  readonly createMapper: (localTime: Date) => MessageMapper;
  /** Name under which mappers are shared. */
  readonly mapperName: MapperName;
  /** Makes what computes the type from the mapper's messages, once a symbol; without it they are the type's own. */
  readonly createComputer?: () => MessageComputer;
}

type MapperName = "trades" | "book changes" | "book tickers" | "derivative tickers";

type MapperMaker = (exchange: string, localTime: Date) => MessageMapper;

interface Library {
  readonly exchanges: readonly string[];
  readonly makers: Readonly<Record<MapperName, MapperMaker>>;
  readonly snapshots: (options: {
    readonly depth: number;
    readonly interval: number;
    readonly name: string;
  }) => () => MessageComputer;
  readonly joinFilters: (mappers: readonly MessageMapper[], symbols: string[]) => ChannelFilter[];
  readonly sortFilters: (filters: ChannelFilter[]) => ChannelFilter[];
  readonly userAgent: string;
}

let library: Promise<Library> | undefined;

/** The vendor's normalizers; loaded once, when they are first needed. */
export function tardisNormalizers(): Promise<Library> {
  library ??= loadLibrary();
  return library;
}

/**
 * How a data type is made from an exchange's messages, exactly as the vendor's client does: trades, book changes and
 * tickers by its normalizers, snapshots by its order book whenever one of the levels has changed, quotes by the exchange's
 * own best bid and ask where it sends them, else by snapshots of depth 1.
 *
 * @returns undefined when the exchange does not have the type
 */
export async function normalizerOf(
  exchange: string,
  type: DataType,
): Promise<Normalizer | undefined> {
  const { makers, snapshots } = await tardisNormalizers();
  const plain = (mapperName: MapperName): Normalizer | undefined => {
    const createMapper = (localTime: Date): MessageMapper =>
      makers[mapperName](exchange, localTime);
    return isMade(createMapper) ? { createMapper, mapperName } : undefined;
  };
  const computed = (depth: number): Normalizer | undefined => {
    const changes = plain("book changes");
    const createComputer = snapshots({ depth, interval: 0, name: type });
    return changes === undefined ? undefined : { ...changes, createComputer };
  };
  switch (type) {
    case "trades":
      return plain("trades");
    case "incremental_book_L2":
      return plain("book changes");
    case "book_snapshot_5":
      return computed(5);
    case "book_snapshot_25":
      return computed(25);
    case "quotes":
      return plain("book tickers") ?? computed(1);
    case "derivative_ticker":
      return plain("derivative tickers");
    default:
      return undefined;
  }
}

/** The library throws for an exchange without the type; whether it does never depends on the time. */
function isMade(createMapper: (localTime: Date) => MessageMapper): boolean {
  try {
    createMapper(new Date(0));
    return true;
  } catch {
    return false;
  }
}

async function loadLibrary(): Promise<Library> {
  const tardis = moduleOf(await import("tardis-dev"));
  const handy = moduleOf(await import("tardis-dev/dist/handy.js"));
  const { getOptions } = moduleOf(await import("tardis-dev/dist/options.js"));
  return {
    exchanges: tardis.EXCHANGES,
    // The library types its normalizers by exchange; here the exchange is a text that it checks itself.
    makers: {
      trades: tardis.normalizeTrades as unknown as MapperMaker,
      "book changes": tardis.normalizeBookChanges as unknown as MapperMaker,
      "book tickers": tardis.normalizeBookTickers as unknown as MapperMaker,
      "derivative tickers": tardis.normalizeDerivativeTickers as unknown as MapperMaker,
    },
    snapshots: tardis.computeBookSnapshots as unknown as Library["snapshots"],
    joinFilters: handy.getFilters as unknown as Library["joinFilters"],
    sortFilters: handy.optimizeFilters as unknown as Library["sortFilters"],
    userAgent: (getOptions() as unknown as { readonly _userAgent: string })._userAgent,
  };
}
