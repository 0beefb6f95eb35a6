import { OptionError } from "../../core/errors.js";

const OWN_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Checks the address of a server that answers as Coinbase's does.
 *
 * @returns the address without query and final slash
 * @throws {OptionError} it is neither https nor http on this machine, or names a user
 */
export function coinbaseAddress(url: string): string {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address !== undefined && isAllowed(address)) {
    return `${address.origin}${address.pathname}`.replace(/\/+$/, "");
  }
  // A password in the address must not reach a message.
  const shown = address === undefined ? url : `${address.protocol}//${address.host}`;
  throw new OptionError({
    column: "--url",
    message: `was "${shown}", expected an https address without a user`,
    fix: "leave it out for Coinbase itself; http is taken for servers on this machine only",
  });
}

function isAllowed({ protocol, hostname, username, password }: URL): boolean {
  const isPrivate = protocol === "https:" || (protocol === "http:" && OWN_NAMES.includes(hostname));
  return isPrivate && username === "" && password === "";
}
