import { OptionError } from "../core/errors.js";

/**
 * What a text names that files may come from: `tardis` the vendor, an address a server, anything else a folder.
 *
 * @throws {OptionError} a certificate is given with a folder, which has none to trust
 */
export function sourceKind(
  name: string,
  { certificate }: { readonly certificate?: string },
): "tardis" | "server" | "folder" {
  if (name === "tardis") return "tardis";
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return "server";
  if (certificate === undefined) return "folder";
  throw new OptionError({
    column: "--certificate",
    message: `was given with the folder "${name}", which nobody has to be trusted for`,
    fix: "leave it out, or give the server's https address as the source",
  });
}
