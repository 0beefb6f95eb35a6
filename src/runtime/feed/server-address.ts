import { OptionError } from "../../core/errors.js";
import type { ServerAddress } from "./live-session.js";

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

/**
 * Where a stream connects to in place of the exchange. Only a server on this machine is trusted with the time.
 *
 * @param text - address of a socket, `ws://…` or `wss://…`
 * @throws {OptionError} it is none; the address is not repeated, since it may hold a key
 */
export function serverAddress(text: string): ServerAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "ws:" && url.protocol !== "wss:")) {
    throw new OptionError({
      column: "url",
      message: "was no address of a socket",
      fix: "write it as ws://127.0.0.1:PORT/stream or wss://…",
    });
  }
  const scheme = url.protocol === "ws:" ? "http:" : "https:";
  return {
    socketUrl: text,
    restUrl: `${scheme}//${url.host}/api/v1`,
    sendsWholeBooks: url.searchParams.has("arrivals") && LOOPBACK.test(url.hostname),
  };
}
