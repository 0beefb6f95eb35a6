import { createHash, timingSafeEqual } from "node:crypto";

/** Whom a server lets in. */
export interface ServerKeys {
  /** Asked of every request as a bearer token; undefined: none is asked. */
  readonly key?: string;
  /** Whether files of the first day of a month need no key, as at the vendor's. */
  readonly hasFreeDays?: boolean;
}

/**
 * Whether a request may have a file. A wrong key is refused even where none is needed.
 *
 * @param authorization - the request's header
 * @param day - day of the month, two digits; undefined for what is no file
 */
export function isAllowed(
  { key, hasFreeDays = false }: ServerKeys,
  authorization: string | undefined,
  day?: string,
): boolean {
  if (key === undefined) return true;
  if (authorization === undefined) return hasFreeDays && day === "01";
  return isBearer(authorization, key);
}

/** Compares in constant time, whatever the lengths. */
function isBearer(header: string, key: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(header), digest(`Bearer ${key}`));
}
