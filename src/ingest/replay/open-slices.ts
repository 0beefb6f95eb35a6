import { takeKeys } from "../keys.js";
import type { ServerOptions } from "../server-source.js";
import { sourceKind } from "../source-kind.js";
import { folderSlices } from "./folder-slices.js";
import { serverSlices, tardisSlices } from "./server-slices.js";
import type { SliceSource } from "./slice-source.js";

/**
 * The source of raw minutes that a text names: `tardis` the vendor, an https address a server that answers as it does,
 * anything else a folder.
 *
 * @param options.apiKey - the vendor's key; default: `TARDIS_API_KEY` of the environment or `.env`
 * @param options.serverKey - a server's own key; default: `TICKBOOK_SERVER_KEY` of the environment or `.env`
 * @throws {OptionError} there is no such folder, the address is not https, or a certificate is given with a folder
 */
export async function openReplaySource(
  name: string,
  options: ServerOptions = {},
): Promise<SliceSource> {
  takeKeys();
  const { TARDIS_API_KEY: vendorKey = "", TICKBOOK_SERVER_KEY: ownKey = "" } = process.env;
  const { apiKey = vendorKey, serverKey = ownKey } = options;
  const kind = sourceKind(name, options);
  if (kind === "folder") return folderSlices(name);
  return kind === "tardis"
    ? tardisSlices({ ...options, apiKey })
    : serverSlices(name, { ...options, serverKey });
}
