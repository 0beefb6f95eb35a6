import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { OptionError } from "../../core/errors.js";

/** Names of this machine that nobody else can reach it by. */
const LOOPBACK: readonly string[] = ["127.0.0.1", "::1", "localhost"];
const SHORTEST_TOKEN = 16;

/** Who may look. */
export interface AccessRules {
  /** Address to listen at. */
  readonly host: string;
  /** Asked of every request; without one everybody on this machine may look, and nobody else. */
  readonly token?: string;
}

/** Whether an address is this machine's own alone. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host);
}

/**
 * Refuses rules that would show a run to strangers.
 *
 * @throws {OptionError} another host than loopback has no token, or the token can be guessed
 */
export function requireSafeAccess({ host, token }: AccessRules): void {
  if (token !== undefined && !/^[\x21-\x7e]{16,512}$/.test(token)) {
    throw new OptionError({
      column: "TICKBOOK_MONITOR_TOKEN",
      message: `had ${token.length} characters, expected ${SHORTEST_TOKEN} to 512 without spaces`,
      fix: "make one with `openssl rand -hex 24`",
    });
  }
  if (isLoopback(host) || token !== undefined) return;
  throw new OptionError({
    column: "--host",
    message: `was ${JSON.stringify(host)}, which others can reach, and there was no token`,
    fix: "set TICKBOOK_MONITOR_TOKEN as well, or leave the host out to listen on this machine only",
  });
}

/**
 * Whether the name that a client used for this machine is really its own: a page from elsewhere that has its own name
 * resolve to 127.0.0.1 is refused.
 *
 * @param header - the request's `Host`
 */
export function isOwnName(header: string | undefined): boolean {
  const name = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i.exec(header ?? "")?.[1]?.toLowerCase();
  return name !== undefined && isLoopback(name.replace(/^\[|\]$/g, ""));
}

/** Whether a request shows the token, as a bearer token or in the cookie that `tokenCookie` sets. */
export function showsToken(headers: IncomingHttpHeaders, token: string, port: number): boolean {
  const { authorization = "", cookie = "" } = headers;
  const isBearer = isSame(authorization.replace(/^bearer +/i, "Bearer "), `Bearer ${token}`);
  const name = cookieName(port);
  const cookies = cookie.split(";").map((part) => part.trim());
  const own = cookies.find((part) => part.startsWith(`${name}=`)) ?? "";
  const isCookie = isSame(own, `${name}=${cookieValue(token)}`);
  return isBearer || isCookie;
}

/** Whether a token is the right one; takes as long for every wrong one. */
export function isSame(given: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}

/**
 * The cookie that stands for the token. It is `Lax`, not `Strict`: a link in an alert must open the page, and there is
 * nothing that a request from elsewhere could change.
 */
export function tokenCookie(token: string, port: number): string {
  return `${cookieName(port)}=${cookieValue(token)}; HttpOnly; SameSite=Lax; Path=/`;
}

/** Browsers send a host's cookies to all of its ports, so each port has a name of its own. */
function cookieName(port: number): string {
  return `tickbook-monitor-${port}`;
}

/** Not the token itself: who reads the cookie cannot ask elsewhere with it. */
function cookieValue(token: string): string {
  return createHash("sha256").update(`tickbook monitor cookie ${token}`).digest("hex");
}
