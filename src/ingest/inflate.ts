import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "../core/errors.js";
import type { Fingerprint } from "../store/manifest.js";
import { freeBlock } from "./free-block.js";
import { bytesAfterGzip } from "./gzip-end.js";
import { inflateStop } from "./inflate-stop.js";

/** Bytes inflated at once: one piece is inflated in the background while the one before is parsed; few wait for a thread. */
const PIECE_BYTES = 1 << 21;
const READ_BYTES = 1 << 20;

/** Vendor files inflate to 5 to 20 times their size; a file that passes this is no such file. */
const MAX_INFLATION = 200;

/** What a pipeline says when the inflater ends before its input does. */
const ENDINGS: readonly string[] = ["ABORT_ERR", "ERR_STREAM_PREMATURE_CLOSE"];

/** What a file may inflate to whatever its size. */
const ALWAYS_ALLOWED_BYTES = 64 << 20;

/**
 * Inflates a gzip file piece by piece. Lengths and checksums of all its members are checked, and that nothing follows them.
 *
 * @param file - path of the csv.gz
 * @param place - what to call the file in errors
 * @param take - gets each piece, whose memory is freed afterwards; when it gives a promise, the next one waits for it
 * @returns bytes and SHA-256 of the file itself
 * @throws {DataError} the file is truncated, damaged, followed by other bytes, or inflates beyond all measure
 */
export async function inflateFile(
  file: string,
  place: string,
  take: (piece: Buffer) => unknown,
): Promise<Fingerprint> {
  const { size } = await stat(file).catch(({ code }) => {
    throw unreadable(place, code);
  });
  const hash = createHash("sha256");
  const input = createReadStream(file, { highWaterMark: READ_BYTES });
  input.on("data", (chunk) => hash.update(chunk as Buffer));
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  let inflated = 0;
  // The pipeline may report its own ending instead of the error that ended it.
  let refusal: unknown;
  try {
    await pipeline(input, gunzip, async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        inflated += piece.length;
        try {
          requirePlausible(place, inflated, gunzip.bytesWritten);
          await take(piece);
          freeBlock(piece);
        } catch (error) {
          refusal = error;
          throw error;
        }
      }
    });
  } catch (error) {
    if (refusal !== undefined) throw refusal;
    const { code, message } = error as NodeJS.ErrnoException;
    if (!isOfContent(code)) throw unreadable(place, code ?? message);
    throw damaged(place, await describe(error as NodeJS.ErrnoException, file, size));
  }
  // Node may stop in silence at bytes that begin no further member.
  if (gunzip.bytesWritten !== size) throw damaged(place, followed(size - gunzip.bytesWritten));
  return { bytes: size, sha256: hash.digest("hex") };
}

async function describe(
  { code, message }: NodeJS.ErrnoException,
  file: string,
  size: number,
): Promise<string> {
  if (size === 0) return "was empty";
  if (isMaybeTheEnd(code, message)) {
    const extra = await bytesAfterGzip(file);
    if (extra > 0) return followed(extra);
  }
  if (code === "Z_BUF_ERROR") return `was truncated: the gzip goes on after its ${size} bytes`;
  const what = message === "incorrect data check" ? "its checksum does not match" : message;
  return `was damaged: ${what} at byte ${(await inflateStop(file)) ?? size} of ${size}`;
}

/** Whether an error comes from what the file holds, not from reading it. */
function isOfContent(code: string | undefined): boolean {
  return code?.startsWith("Z_") === true || ENDINGS.includes(code ?? "");
}

function unreadable(place: string, reason: string): DataError {
  const fix = "let this user read the file, and run the same command again";
  return new DataError({ file: place, message: `could not be read (${reason})`, fix });
}

/** Node's ways of ending at bytes that follow the gzip: they look like a member's bad or unfinished header, or are left. */
function isMaybeTheEnd(code: string | undefined, message: string): boolean {
  return (
    ENDINGS.includes(code ?? "") || code === "Z_BUF_ERROR" || message === "incorrect header check"
  );
}

function followed(bytes: number): string {
  return `was followed by ${bytes === 1 ? "1 byte that is" : `${bytes} bytes that are`} not gzip`;
}

function damaged(place: string, message: string): DataError {
  return new DataError({ file: place, message, fix: "fetch the file again" });
}

/** What is read so far says enough: a file that inflates without end need not be read to its end. */
function requirePlausible(place: string, inflated: number, read: number): void {
  if (inflated <= Math.max(ALWAYS_ALLOWED_BYTES, MAX_INFLATION * read)) return;
  const message = `inflated to ${inflated} bytes from its first ${read}, which no vendor file does`;
  throw damaged(place, message);
}
