// Does a key of the environment get into anything that is said, written or sent to another host?
import { existsSync } from "node:fs";
import { mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { cacheFolder } from "../../core/cache.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";
import { startFaultyServer } from "../faulty-server.js";
import { keyDeeds, REPORTS, servedFiles } from "../key-deeds.js";
import { canaryKey, filesWithTraces, findTrace, keyTraces } from "../key-traces.js";
import { plantEnvironment } from "../plant-environment.js";
import { Tally } from "../tally.js";

/** What the environment holds for the campaign; the keys are of its own making. */
const NAMES = ["TARDIS_API_KEY", "TARDIS_API_SECRET", "TICKBOOK_SERVER_KEY"] as const;

/** Plants keys in the environment and looks for them in all that comes out. */
export const canaryKeys: FaultCampaign = { name: "canary-key", run: runCanaryKeys };

async function runCanaryKeys(options: CampaignOptions): Promise<readonly FaultResult[]> {
  const { seed, isFull, folder, onProgress } = options;
  await mkdir(folder, { recursive: true });
  const keys = Object.fromEntries(NAMES.map((name) => [name, canaryKey(seed, name)]));
  const cache = path.join(folder, "cache");
  if (isFull) await linkFolders(cacheFolder(process.env), cache);
  const restore = plantEnvironment({ ...keys, TICKBOOK_CACHE: cache });
  const server = await startFaultyServer(servedFiles());
  const elsewhere = await startFaultyServer(servedFiles());
  const said = new Tally("key in what a command said or an error carried");
  const written = new Tally("key in a file that was written");
  const sent = new Tally("key sent to a host that it is not for");
  let hasArrived = false;
  try {
    const traces = NAMES.flatMap((name) => keyTraces(keys[name]!));
    const vendorKey = keys["TARDIS_API_KEY"]!;
    const deeds = keyDeeds({ server, elsewhere, folder, vendorKey, isFull });
    for (const [done, { name, run }] of deeds.entries()) {
      const text = await run();
      said.add(findTrace(text, traces) === undefined ? "detected" : "silent", name);
      const files = await filesWithTraces(folder, traces, { unread: cache });
      written.add(files.length === 0 ? "detected" : "silent", `${name}: ${files.join(" ")}`);
      const isVendor = name.startsWith("asking");
      const wrong = isVendor ? keys["TICKBOOK_SERVER_KEY"]! : vendorKey;
      const isLeak =
        findTrace(server.received(), [wrong, keys["TARDIS_API_SECRET"]!]) !== undefined ||
        findTrace(
          elsewhere.received("authorization"),
          NAMES.map((own) => keys[own]!),
        ) !== undefined;
      sent.add(isLeak ? "silent" : "detected", name);
      hasArrived ||= isVendor && server.received().includes(vendorKey);
      onProgress(done + 1, deeds.length, "deeds");
    }
    const report = path.join(folder, REPORTS, "01-ingest.html");
    if (isFull && !existsSync(report)) written.add(undefined, "notebook 01 wrote no report");
  } finally {
    await server.close();
    await elsewhere.close();
    restore();
  }
  // A key that is never sent is in no answer either.
  if (!hasArrived) sent.add(undefined, "no key arrived where it belongs");
  const note =
    "looked for whole, in pieces of 8, as base64 in all three places and base64url, hexadecimal and URL-coded";
  return [said, written, sent].map((tally, i) => tally.result(i === 0 ? note : ""));
}

/** A cache with the folders of another: what is unpacked there are packages, which are not looked through. */
async function linkFolders(from: string, to: string): Promise<void> {
  await mkdir(to);
  const entries = await readdir(from, { withFileTypes: true }).catch(() => []);
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    await symlink(path.join(from, name), path.join(to, name));
  }
}
