import { readFileSync } from "node:fs";
import https from "node:https";
import { rootCertificates } from "node:tls";
import { OptionError } from "../core/errors.js";
import { DATA_TYPES, type DataType, type PartitionKey } from "../store/tables.js";
import { type HttpsClient, httpsClient } from "./https-client.js";
import { vendorPath } from "./ingest-file.js";
import type { Source } from "./source.js";
import { downloadByTardis, tardisBorder } from "./tardis-border.js";

const VENDOR = "https://datasets.tardis.dev/v1";

/** What the pipeline needs of the vendor; the rest is large and has to be asked for. */
const VENDOR_TYPES: readonly DataType[] = ["trades", "incremental_book_L2", "quotes"];

/** How to reach a dataset server. */
export interface ServerOptions {
  /** PEM file of a certificate to trust beside those already trusted, for this run only. */
  readonly certificate?: string;
  /** The vendor's key; sent to the vendor only. */
  readonly apiKey?: string;
  /** Wait before the second try of a request, ms. */
  readonly firstWaitMs?: number;
}

/**
 * The vendor's own dataset server, through its client. Without a key it serves the first day of each month.
 */
export async function tardisSource(options: ServerOptions): Promise<Source> {
  const { exchanges, proxyAgent } = await tardisBorder();
  const source = datasetSource("tardis", VENDOR, options, proxyAgent as https.Agent | undefined);
  return {
    ...source,
    defaultTypes: VENDOR_TYPES,
    requireKnown: async (exchange) => {
      if (exchanges.includes(exchange)) return;
      throw new OptionError({
        column: "--exchange",
        message: `was "${exchange}", which the vendor does not have`,
        fix: `use one of ${exchanges.join(", ")}`,
      });
    },
  };
}

/**
 * A server that answers as the vendor's does, for example `tickbook serve`. It gets no key.
 *
 * @param url - https address, with or without the final `/v1`
 * @throws {OptionError} the address is not https, or the certificate cannot be read
 */
export async function serverSource(url: string, options: ServerOptions): Promise<Source> {
  const address = parseUrl(url);
  if (address?.protocol !== "https:" || address.username !== "" || address.password !== "") {
    // A password in the address must not reach a message.
    const shown = address === undefined ? url : `${address.protocol}//${address.host}`;
    throw new OptionError({
      column: "--source",
      message: `was "${shown}", expected an https address without a user`,
      fix: "the vendor's client speaks https only; start `npx tickbook serve`, which does",
    });
  }
  const base = `${address.origin}${address.pathname.replace(/\/+$/, "").replace(/\/v1$/, "")}/v1`;
  return datasetSource("server", base, { ...options, apiKey: "" }, undefined);
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function datasetSource(
  kind: "server" | "tardis",
  endpoint: string,
  { certificate, apiKey = "", firstWaitMs }: ServerOptions,
  proxyAgent: https.Agent | undefined,
): Source {
  const agent =
    proxyAgent ??
    new https.Agent({
      keepAlive: true,
      ...(certificate === undefined ? {} : { ca: [...trusted(certificate)] }),
    });
  const client = httpsClient(endpoint, {
    agent,
    ...(firstWaitMs === undefined ? {} : { firstWaitMs }),
  });
  const headers: Record<string, string> =
    apiKey === "" ? {} : { Authorization: `Bearer ${apiKey}` };
  return {
    kind,
    name: endpoint,
    defaultTypes: DATA_TYPES,
    isLocal: false,
    requireKnown: async () => undefined,
    size: (key) => client.size({ url: `${endpoint}/${vendorPath(key)}`, headers }),
    fetch: (key, temporary) => fetchFile(client, key, { endpoint, apiKey, temporary }),
    close: client.close,
  };
}

async function fetchFile(
  client: HttpsClient,
  key: PartitionKey,
  {
    endpoint,
    apiKey,
    temporary,
  }: { readonly endpoint: string; readonly apiKey: string; readonly temporary: string },
): Promise<string | undefined> {
  let isThere = false;
  await downloadByTardis(key, {
    endpoint,
    apiKey,
    file: temporary,
    download: async ({ url, userAgent, downloadPath, apiKey: ownKey }) => {
      const authorization: Record<string, string> =
        ownKey === "" ? {} : { Authorization: `Bearer ${ownKey}` };
      const headers = { "User-Agent": userAgent, "Accept-Encoding": "gzip", ...authorization };
      isThere = await client.download({ url, headers }, downloadPath, vendorPath(key));
    },
  });
  return isThere ? temporary : undefined;
}

/** Certificates that Node trusts by itself, those of NODE_EXTRA_CA_CERTS, and one more. */
function trusted(certificate: string): readonly string[] {
  const extra = process.env["NODE_EXTRA_CA_CERTS"];
  const files = extra === undefined || extra === "" ? [certificate] : [extra, certificate];
  return [...rootCertificates, ...files.map((file) => readCertificate(file, certificate))];
}

function readCertificate(file: string, asked: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    // Node itself only warns when its own extra certificates cannot be read.
    if (file !== asked) return "";
    throw new OptionError({
      column: "--certificate",
      message: `was "${file}", which could not be read (${(error as NodeJS.ErrnoException).code})`,
      fix: "give the PEM file that `npx tickbook serve` printed",
    });
  }
}
