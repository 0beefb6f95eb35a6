import path from "node:path";
import type { DatasetType, Exchange } from "tardis-dev";
import { moduleOf } from "../core/module-of.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import type { PartitionKey } from "../store/tables.js";

/** What the vendor's client hands to its downloader. */
export interface TardisRequest {
  readonly url: string;
  readonly downloadPath: string;
  readonly userAgent: string;
  /** Empty when there is none. */
  readonly apiKey: string;
}

type Downloader = (request: TardisRequest) => Promise<void>;

interface Border {
  readonly downloadDatasets: typeof import("tardis-dev")["downloadDatasets"];
  readonly exchanges: readonly string[];
  /** The options that `downloadDatasets` captured when it was loaded; `init` would replace, not change them. */
  readonly options: { datasetsEndpoint: string };
  readonly proxyAgent: unknown;
}

/** Downloads under way, by the path they are written to. */
const running = new Map<string, Downloader>();

let border: Promise<Border> | undefined;

/**
 * Fetches one file by the vendor's client, `downloadDatasets`: it knows the server's layout and headers. What is done with
 * a request is up to `download`, because the client's own downloader repeats 404 for an hour and lets no certificate be
 * added.
 *
 * @param options.endpoint - server's address up to its version, as `https://datasets.tardis.dev/v1`
 * @param options.file - path to write to
 */
export async function downloadByTardis(
  key: PartitionKey,
  {
    endpoint,
    apiKey,
    file,
    download,
  }: {
    readonly endpoint: string;
    readonly apiKey: string;
    readonly file: string;
    readonly download: Downloader;
  },
): Promise<void> {
  const { downloadDatasets, options } = await tardisBorder();
  const downloadDir = path.dirname(file);
  const name = path.basename(file);
  running.set(`${downloadDir}/${name}`, download);
  try {
    // The address is read before the first await inside, so that calls for different servers do not mix.
    options.datasetsEndpoint = endpoint;
    await downloadDatasets({
      exchange: key.exchange as Exchange,
      dataTypes: [key.type as DatasetType],
      symbols: [key.symbol],
      from: key.date,
      to: dateOf(dayStartUs(key.date) + DAY_US),
      format: "csv",
      apiKey,
      downloadDir,
      getFilename: () => name,
      skipIfExists: false,
    });
  } finally {
    running.delete(`${downloadDir}/${name}`);
  }
}

/** The vendor's client with its downloader and its captured options in reach; loaded once. */
export function tardisBorder(): Promise<Border> {
  border ??= loadBorder();
  return border;
}

async function loadBorder(): Promise<Border> {
  const tardis = moduleOf(await import("tardis-dev"));
  const handy = moduleOf(await import("tardis-dev/dist/handy.js"));
  const { getOptions } = moduleOf(await import("tardis-dev/dist/options.js"));
  const own = handy.download as Downloader;
  const patched: { download: Downloader } = handy as never;
  patched.download = (request) => (running.get(request.downloadPath) ?? own)(request);
  return {
    downloadDatasets: tardis.downloadDatasets,
    exchanges: tardis.EXCHANGES,
    options: getOptions(),
    proxyAgent: handy.httpsProxyAgent,
  };
}
