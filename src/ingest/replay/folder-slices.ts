import { stat } from "node:fs/promises";
import path from "node:path";
import { OptionError } from "../../core/errors.js";
import { DAY_US, MINUTE_US } from "../../core/time.js";
import { mirrorFileBytes } from "../mirror-file.js";
import { type RawDay, type SliceSource, slicePath } from "./slice-source.js";

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
    lookUp: (exchange, dayStartUs) => lookUp(base, { exchange, dayStartUs }),
    fetch: async (request) => {
      const place = slicePath(request);
      return (await mirrorFileBytes(base, place)) === undefined
        ? undefined
        : path.join(base, place);
    },
    close: () => undefined,
  };
}

async function lookUp(
  base: string,
  day: { readonly exchange: string; readonly dayStartUs: number },
): Promise<RawDay> {
  const first = slicePath({ ...day, minute: 0 });
  const hasFolder = await isFolder(path.join(base, path.dirname(path.dirname(first))));
  // A day without a folder is not asked for 1,440 files: the first one tells why it has none.
  const all = Array.from({ length: hasFolder ? DAY_US / MINUTE_US : 1 }, (_, minute) =>
    mirrorFileBytes(base, slicePath({ ...day, minute })),
  );
  const sizes = (await Promise.all(all)).filter((bytes) => bytes !== undefined);
  return { minutes: sizes.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

async function isFolder(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isDirectory() ?? false;
}
