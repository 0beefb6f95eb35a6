import { OptionError } from "../core/errors.js";

/**
 * A server's address up to its version, `https://HOST/v1`.
 *
 * @param url - with or without the final `/v1`
 * @throws {OptionError} it is not https, or it names a user
 */
export function serverBase(url: string): string {
  const address = parseUrl(url);
  if (address?.protocol !== "https:" || address.username !== "" || address.password !== "") {
    // A password in the address must not reach a message.
    const shown = address === undefined ? url : `${address.protocol}//${address.host}`;
    throw new OptionError({
      column: "--source",
      message: `was "${shown}", expected an https address without a user, as https://127.0.0.1:8443`,
      fix: "the vendor's client speaks https only; start `npx tickbook serve`, which does",
    });
  }
  return `${address.origin}${address.pathname.replace(/\/+$/, "").replace(/\/v1$/, "")}/v1`;
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
