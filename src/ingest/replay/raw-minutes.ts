import { rm } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../../core/errors.js";
import { DAY_US, MINUTE_US } from "../../core/time.js";
import type { Fingerprint } from "../../store/manifest.js";
import { inflateFile } from "../inflate.js";
import { inOrder } from "./in-order.js";
import { type SliceRequest, type SliceSource, slicePath } from "./slice-source.js";
import type { ChannelFilter } from "./tardis-normalizers.js";

/** Minutes fetched ahead of the one that is read; the vendor gains nothing by more than 60. */
const FETCHED_AHEAD = 24;

const NEWLINE = 0x0a;

/** One minute of an exchange's messages, whole and undamaged. */
export interface RawMinute {
  readonly startUs: number;
  /** Its path in the vendor's layout. */
  readonly place: string;
  /** Lines without their ends; an empty one says that the connection was lost. Undefined: the source lacks the minute. */
  readonly lines: Iterable<string> | undefined;
  /** Of the gzip as it was received; undefined with the lines. */
  readonly fingerprint: Fingerprint | undefined;
}

/** Which minutes to bring. */
export interface MinutesRequest {
  readonly exchange: string;
  readonly filters: readonly ChannelFilter[];
  /** Whole minutes; `toUs` is exclusive. */
  readonly fromUs: number;
  readonly toUs: number;
}

/**
 * Raw minutes in order, fetched ahead, each checked to its last byte.
 *
 * @param folder - where downloads are put for as long as they are needed
 * @throws {DataError} a minute cannot be fetched or is damaged
 * @throws {OptionError} the source cannot be reached at all
 */
export async function* rawMinutes(
  source: SliceSource,
  request: MinutesRequest,
  folder: string,
): AsyncGenerator<RawMinute, void, undefined> {
  const fetched = inOrder(slicesOf(request), {
    ahead: FETCHED_AHEAD,
    work: async (slice) => {
      const temporary = path.join(folder, `${slice.dayStartUs}-${slice.minute}`);
      return { slice, temporary, file: await source.fetch(slice, temporary) };
    },
  });
  for await (const { slice, temporary, file } of fetched) {
    try {
      yield await readMinute(slice, file);
    } finally {
      if (file === temporary) await rm(temporary, { force: true });
    }
  }
}

function* slicesOf({ exchange, filters, fromUs, toUs }: MinutesRequest): Generator<SliceRequest> {
  for (let startUs = fromUs; startUs < toUs; startUs += MINUTE_US) {
    const dayStartUs = startUs - (startUs % DAY_US);
    yield { exchange, dayStartUs, minute: (startUs - dayStartUs) / MINUTE_US, filters };
  }
}

async function readMinute(slice: SliceRequest, file: string | undefined): Promise<RawMinute> {
  const place = slicePath(slice);
  const startUs = slice.dayStartUs + slice.minute * MINUTE_US;
  if (file === undefined) return { startUs, place, lines: undefined, fingerprint: undefined };
  const pieces: Buffer[] = [];
  try {
    const fingerprint = await inflateFile(file, place, (piece) => {
      pieces.push(Buffer.from(piece));
    });
    return { startUs, place, lines: linesOf(Buffer.concat(pieces)), fingerprint };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError({ ...error.place, fix: "fetch the minute again" });
  }
}

function* linesOf(text: Buffer): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf(NEWLINE, start);
    const end = found < 0 ? text.length : found;
    yield text.toString("utf8", start, end);
    start = end + 1;
  }
}
