import type { NormalizedMessage } from "../../store/rows/normalized-message.js";
import type { DataType } from "../../store/tables.js";
import type { RawMessage } from "./raw-message.js";
import {
  type ChannelFilter,
  type MessageComputer,
  type MessageMapper,
  type Normalizer,
  normalizerOf,
  tardisNormalizers,
} from "./tardis-normalizers.js";

/** Gets each normalized message with the data type that it belongs to, in arrival order. */
export type TakeMessage = (type: DataType, message: NormalizedMessage) => void;

/** Data types that are made from the same mapper's messages. */
interface Branch {
  readonly normalizer: Normalizer;
  mapper: MessageMapper;
  readonly outlets: readonly Outlet[];
}

interface Outlet {
  readonly type: DataType;
  readonly createComputer: (() => MessageComputer) | undefined;
  /** By symbol. */
  readonly computers: Map<string, MessageComputer>;
}

/** What a stream is made of. */
export interface StreamRequest {
  readonly exchange: string;
  /** The exchange's own names. */
  readonly symbols: readonly string[];
  readonly types: readonly DataType[];
  /** First moment; the exchange's message format of that time is read. */
  readonly startUs: number;
}

/**
 * Turns an exchange's own messages into normalized ones by the vendor's normalizers, message by message and without its
 * replay loop, which takes a cut gzip for a whole one, drops a last line without an end, and reads nothing that its own
 * downloader has not fetched. Live messages can go the same way.
 */
export class MessageStream {
  /** What to ask of the exchange or the vendor; sorted, so that equal requests are equal texts. */
  readonly filters: readonly ChannelFilter[];
  /** Types that the exchange does not have. */
  readonly missingTypes: readonly DataType[];
  readonly #branches: readonly Branch[];
  readonly #symbols: ReadonlySet<string>;
  readonly #take: TakeMessage;
  #isCut = false;

  private constructor(
    branches: readonly Branch[],
    options: {
      readonly filters: readonly ChannelFilter[];
      readonly missingTypes: readonly DataType[];
      readonly symbols: readonly string[];
      readonly take: TakeMessage;
    },
  ) {
    this.#branches = branches;
    this.filters = options.filters;
    this.missingTypes = options.missingTypes;
    this.#symbols = new Set(options.symbols.map((symbol) => symbol.toUpperCase()));
    this.#take = options.take;
  }

  /** Makes a stream whose messages go to `take`. */
  static async open(
    { exchange, symbols, types, startUs }: StreamRequest,
    take: TakeMessage,
  ): Promise<MessageStream> {
    const { joinFilters, sortFilters } = await tardisNormalizers();
    const start = new Date(startUs / 1000);
    const branches: Branch[] = [];
    const missingTypes: DataType[] = [];
    for (const type of types) {
      const normalizer = await normalizerOf(exchange, type);
      if (normalizer === undefined) missingTypes.push(type);
      else addOutlet(branches, normalizer, { type, start });
    }
    const mappers = branches.map(({ mapper }) => mapper);
    const filters = sortFilters(joinFilters(mappers, [...symbols]));
    return new MessageStream(branches, { filters, missingTypes, symbols, take });
  }

  /**
   * The next message of the exchange.
   *
   * @returns whether it was of a requested channel, if perhaps of another symbol
   */
  push({ message, localTime }: RawMessage): boolean {
    if (this.#isCut) this.#beginAnew(localTime);
    let isHandled = false;
    for (const { mapper, outlets } of this.#branches) {
      if (!mapper.canHandle(message)) continue;
      isHandled = true;
      const mapped = mapper.map(message, localTime);
      if (mapped === undefined) continue;
      for (const normalized of mapped) {
        // Some exchanges cannot be asked for single symbols and send all.
        if (this.#symbols.has(normalized.symbol)) this.#give(outlets, normalized);
      }
    }
    return isHandled;
  }

  /** The connection was lost: what the exchange said before no longer holds. */
  disconnect(): void {
    this.#isCut = true;
  }

  #beginAnew(localTime: Date): void {
    this.#isCut = false;
    for (const branch of this.#branches) {
      branch.mapper = branch.normalizer.createMapper(localTime);
      for (const { computers } of branch.outlets) computers.clear();
    }
  }

  #give(outlets: readonly Outlet[], message: NormalizedMessage): void {
    for (const { type, createComputer, computers } of outlets) {
      if (createComputer === undefined) {
        this.#take(type, message);
        continue;
      }
      let computer = computers.get(message.symbol);
      if (computer === undefined) {
        computer = createComputer();
        computers.set(message.symbol, computer);
      }
      for (const computed of computer.compute(message)) this.#take(type, computed);
    }
  }
}

function addOutlet(
  branches: Branch[],
  normalizer: Normalizer,
  { type, start }: { readonly type: DataType; readonly start: Date },
): void {
  const outlet = { type, createComputer: normalizer.createComputer, computers: new Map() };
  const same = branches.findIndex(
    (branch) => branch.normalizer.mapperName === normalizer.mapperName,
  );
  if (same < 0) {
    branches.push({ normalizer, mapper: normalizer.createMapper(start), outlets: [outlet] });
    return;
  }
  const branch = branches[same]!;
  branches[same] = { ...branch, outlets: [...branch.outlets, outlet] };
}
