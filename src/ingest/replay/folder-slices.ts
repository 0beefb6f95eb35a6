import { stat } from "node:fs/promises";
import path from "node:path";
import { OptionError } from "../../core/errors.js";
import { type SliceSource, slicePath } from "./slice-source.js";

/**
 * A folder of raw minutes, `{exchange}/{yyyy}/{mm}/{dd}/{HH}/{MM}.json.gz`, in itself or in its folder `raw`. Filters are
 * not applied: what is not wanted is passed over later.
 *
 * @throws {OptionError} there is no such folder
 */
export async function folderSlices(root: string): Promise<SliceSource> {
  if (!(await isFolder(root))) {
    throw new OptionError({
      column: "--source",
      message: `was "${root}", which is no folder`,
      fix: "give a folder of raw minutes, an https URL, or tardis",
    });
  }
  const raw = path.join(root, "raw");
  const base = (await isFolder(raw)) ? raw : root;
  return {
    name: root,
    requireKnown: async (exchange) => {
      if (await isFolder(path.join(base, exchange))) return;
      throw new OptionError({
        column: "--exchange",
        message: `was "${exchange}", of which "${base}" has no raw minute`,
        fix: "lay them out as EXCHANGE/yyyy/mm/dd/HH/MM.json.gz",
      });
    },
    fetch: async (request) => {
      const file = path.join(base, ...slicePath(request).split("/"));
      const found = await stat(file).catch(() => undefined);
      return found?.isFile() ? file : undefined;
    },
    close: () => undefined,
  };
}

async function isFolder(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isDirectory() ?? false;
}
