import { stat } from "node:fs/promises";
import path from "node:path";
import { OptionError } from "../../core/errors.js";
import { DAY_US, MINUTE_US } from "../../core/time.js";
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
      const file = fileOf(base, request);
      return (await sizeOf(file)) === undefined ? undefined : file;
    },
    close: () => undefined,
  };
}

async function lookUp(
  base: string,
  day: { readonly exchange: string; readonly dayStartUs: number },
): Promise<RawDay> {
  // A day without a folder is not asked for 1,440 files.
  const folder = path.dirname(path.dirname(fileOf(base, { ...day, minute: 0 })));
  if (!(await isFolder(folder))) return { minutes: 0, bytes: 0 };
  const all = Array.from({ length: DAY_US / MINUTE_US }, (_, minute) =>
    sizeOf(fileOf(base, { ...day, minute })),
  );
  const sizes = (await Promise.all(all)).filter((bytes) => bytes !== undefined);
  return { minutes: sizes.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

function fileOf(base: string, minute: Parameters<typeof slicePath>[0]): string {
  return path.join(base, ...slicePath(minute).split("/"));
}

/** Bytes of a minute; undefined where it is not there. */
async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

async function isFolder(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isDirectory() ?? false;
}
