import { folderSource } from "./folder-source.js";
import { takeKeys } from "./keys.js";
import { type ServerOptions, serverSource, tardisSource } from "./server-source.js";
import type { Source } from "./source.js";
import { sourceKind } from "./source-kind.js";

/**
 * The source that a text names: `tardis` the vendor, an https address a dataset server, anything else a mirror folder.
 *
 * @param options.apiKey - the vendor's key; default: `TARDIS_API_KEY` of the environment or `.env`
 * @param options.serverKey - a server's own key; default: `TICKBOOK_SERVER_KEY` of the environment or `.env`
 * @throws {OptionError} there is no such folder, the address is not https, or a certificate is given with a folder
 */
export async function openSource(name: string, options: ServerOptions = {}): Promise<Source> {
  takeKeys();
  const { TARDIS_API_KEY: vendorKey = "", TICKBOOK_SERVER_KEY: ownKey = "" } = process.env;
  const { apiKey = vendorKey, serverKey = ownKey } = options;
  const kind = sourceKind(name, options);
  if (kind === "folder") return folderSource(name);
  return kind === "tardis"
    ? tardisSource({ ...options, apiKey })
    : serverSource(name, { ...options, serverKey });
}
