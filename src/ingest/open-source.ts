import { folderSource } from "./folder-source.js";
import { type ServerOptions, serverSource, tardisSource } from "./server-source.js";
import type { Source } from "./source.js";

/**
 * The source that a text names: `tardis` the vendor, an https address a dataset server, anything else a mirror folder.
 *
 * @param options.apiKey - the vendor's key; default: `TARDIS_API_KEY` of the environment
 * @param options.serverKey - a server's own key; default: `TICKBOOK_SERVER_KEY` of the environment
 * @throws {OptionError} there is no such folder, or the address is not https
 */
export function openSource(name: string, options: ServerOptions = {}): Promise<Source> {
  const { TARDIS_API_KEY: vendorKey = "", TICKBOOK_SERVER_KEY: ownKey = "" } = process.env;
  const { apiKey = vendorKey, serverKey = ownKey } = options;
  if (name === "tardis") return tardisSource({ ...options, apiKey });
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) {
    return serverSource(name, { ...options, serverKey });
  }
  return folderSource(name);
}
