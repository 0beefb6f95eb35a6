import { folderSource } from "./folder-source.js";
import { type ServerOptions, serverSource, tardisSource } from "./server-source.js";
import type { Source } from "./source.js";

/**
 * The source that a text names: `tardis` the vendor, an https address a dataset server, anything else a mirror folder.
 *
 * @throws {OptionError} there is no such folder, or the address is not https
 */
export function openSource(name: string, options: ServerOptions = {}): Promise<Source> {
  if (name === "tardis") return tardisSource(options);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return serverSource(name, options);
  return folderSource(name);
}
