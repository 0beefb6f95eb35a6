import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { seededRandom } from "../core/random.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Shorter parts of a key are met by chance. */
const PIECE = 8;

/** A key that occurs nowhere else, with characters that codings change. */
export function canaryKey(seed: number, name: string): string {
  const random = seededRandom(seed, `canary ${name}`);
  const part = (length: number): string =>
    Array.from({ length }, () => LETTERS[random.below(LETTERS.length)]).join("");
  return `TD.${part(18)}+${part(12)}/${part(10)}==`;
}

/** Every form in which a key may lie in a file: in pieces, as base64 wherever it begins, in hexadecimal, in URLs. */
export function keyTraces(key: string): readonly string[] {
  const bytes = Buffer.from(key);
  const hex = bytes.toString("hex");
  const percent = hex.replace(/../g, "%$&");
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // What stands before and after the key changes the first and last letters.
    return text.slice(shift === 0 ? 0 : shift + 1, -1);
  });
  const url = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  const forms = [
    key,
    encodeURIComponent(key),
    hex,
    hex.toUpperCase(),
    percent,
    percent.toUpperCase(),
  ];
  return [...new Set([...forms, ...base64, ...url].flatMap(pieces))];
}

/** The first trace of keys in a text; undefined when there is none. */
export function findTrace(text: string, traces: readonly string[]): string | undefined {
  return traces.find((trace) => text.includes(trace));
}

/**
 * The files below a folder, and the names in it, that hold a trace.
 *
 * @param options.unread - folder whose own files are looked into and whose folders are not
 */
export async function filesWithTraces(
  folder: string,
  traces: readonly string[],
  { unread }: { readonly unread?: string } = {},
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (unread !== undefined && entry.parentPath.startsWith(`${unread}${path.sep}`)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const text = entry.isFile() ? await readFile(file, "latin1") : "";
    if (findTrace(`${file}\n${text}`, traces) !== undefined) found.push(file);
  }
  return found;
}

/** All stretches of a text that are long enough to tell it. */
function pieces(text: string): readonly string[] {
  // A piece of percent codes needs as many characters as the piece they stand for, three times.
  const length = text.startsWith("%") ? 3 * PIECE : PIECE;
  return Array.from({ length: Math.max(1, text.length - length + 1) }, (_, i) =>
    text.slice(i, i + length),
  );
}
