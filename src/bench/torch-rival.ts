import { readFile } from "node:fs/promises";
import path from "node:path";
import { installedPython } from "./installed-python.js";
import type { InstalledRival, RivalPlace } from "./installed-rival.js";
import { requireDisk } from "./require-disk.js";

/** What the wheels for Linux take, CUDA's libraries with them; a Mac's are a tenth of that. */
const DOWNLOAD_GB = 2.5;
const INSTALLED_GB = 4.3;

/** Disk that pip needs while it works: the wheels, and what is in them. */
const WORKING_BYTES = 1e9 * (DOWNLOAD_GB + INSTALLED_GB + 0.5);

/** A line of 6 Mbit/s takes that long. */
const TIMEOUT_MINUTES = 60;

/**
 * PyTorch as `tools/requirements-torch.txt` pins it, installed into the cache on first use; what that costs is said before.
 *
 * @param place.folder - empty folder on the cache's disk for what pip unpacks
 */
export async function torchRival(
  place: RivalPlace & { readonly folder: string; readonly say: (line: string) => void },
): Promise<InstalledRival> {
  const file = path.join(place.root, "tools", "requirements-torch.txt");
  // Without the comments: another word in them must not fetch everything again.
  const [, ...entries] = (await readFile(file, "utf8")).split(/^(?=[\w-]+==)/m);
  return await installedPython(place, {
    what: "torch of tools/requirements-torch.txt",
    pins: entries.join(""),
    rival: "torch",
    module: "torch",
    timeoutMinutes: TIMEOUT_MINUTES,
    // Its copies of the wheels would only double what is on the disk.
    environment: { PIP_NO_CACHE_DIR: "1", TMPDIR: place.folder },
    before: async (folder) => {
      await requireDisk(
        folder,
        WORKING_BYTES,
        "make room, or name another disk with TICKBOOK_CACHE",
      );
      const cost = `${DOWNLOAD_GB} GB to download, ${INSTALLED_GB} GB to keep in ${place.cache}`;
      place.say(`installing PyTorch, once: ${cost} (on Linux; a tenth of that on a Mac)`);
    },
  });
}
