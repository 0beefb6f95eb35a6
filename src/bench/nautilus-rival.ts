import { readFile } from "node:fs/promises";
import path from "node:path";
import { installedPython } from "./installed-python.js";
import type { InstalledRival, RivalPlace } from "./installed-rival.js";
import { requireDisk } from "./require-disk.js";

/** What the wheels for Linux take, and what they become. */
const DOWNLOAD_MB = 200;
const INSTALLED_MB = 650;

/** NautilusTrader as `tools/requirements-nautilus.txt` pins it, installed into the cache on first use; what that costs is said before. */
export async function nautilusRival(
  place: RivalPlace & { readonly say: (line: string) => void },
): Promise<InstalledRival> {
  const file = path.join(place.root, "tools", "requirements-nautilus.txt");
  const [, ...entries] = (await readFile(file, "utf8")).split(/^(?=[\w-]+==)/m);
  return await installedPython(place, {
    what: "NautilusTrader of tools/requirements-nautilus.txt",
    pins: entries.join(""),
    rival: "nautilus_trader",
    module: "nautilus_trader",
    timeoutMinutes: 20,
    environment: { PIP_NO_CACHE_DIR: "1" },
    before: async (folder) => {
      const fix = "make room, or name another disk with TICKBOOK_CACHE";
      await requireDisk(folder, 1e6 * (DOWNLOAD_MB + INSTALLED_MB), fix);
      const cost = `${DOWNLOAD_MB} MB to download, ${INSTALLED_MB} MB to keep in ${place.cache}`;
      place.say(`installing NautilusTrader, once: ${cost}`);
    },
  });
}
