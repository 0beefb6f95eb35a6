import https from "node:https";
import { DataError, OptionError } from "../core/errors.js";
import { DATA_TYPES, type DataType, type PartitionKey } from "../store/tables.js";
import { type ClientLimits, clientLimits } from "./client-limits.js";
import { type HttpsClient, httpsClient } from "./https-client.js";
import { rememberAnswers } from "./remembered-answers.js";
import { serverBase } from "./server-address.js";
import type { Source } from "./source.js";
import { downloadByTardis, tardisBorder } from "./tardis-border.js";
import { trustedCertificates } from "./trusted-certificates.js";
import { vendorPath } from "./vendor-path.js";

const VENDOR = "https://datasets.tardis.dev/v1";

/** What the pipeline needs of the vendor; the rest is large and has to be asked for. */
export const VENDOR_TYPES: readonly DataType[] = ["trades", "incremental_book_L2", "quotes"];

export const NO_KEY_FIX =
  "put a key that opens it into TARDIS_API_KEY, in the environment or .env; the first day of each month needs none";
export const KEY_FIX =
  "ask `npx tickbook doctor --tardis` what TARDIS_API_KEY opens; the first day of each month needs no key";
export const SERVER_FIX =
  "put the key that the server was started with into TICKBOOK_SERVER_KEY, in the environment or .env";

/** How to reach a dataset server; limits that are left out have their defaults. */
export interface ServerOptions extends Partial<ClientLimits> {
  /** PEM file of a certificate to trust beside those already trusted, for this run only. */
  readonly certificate?: string;
  /** The vendor's key; sent to the vendor only. */
  readonly apiKey?: string;
  /** Key of a server that is not the vendor's; sent to that server only. */
  readonly serverKey?: string;
}

/**
 * The vendor's own dataset server, through its client. Without a key it serves the first day of each month, and nothing else
 * is asked of it.
 *
 * @throws {OptionError} the key holds a character that no key has
 */
export async function tardisSource(options: ServerOptions): Promise<Source> {
  const { exchanges, proxyAgent } = await tardisBorder();
  const key = options.apiKey ?? "";
  const source = datasetSource(VENDOR, {
    ...options,
    key,
    keyName: "TARDIS_API_KEY",
    refusalFix: key === "" ? NO_KEY_FIX : KEY_FIX,
    proxyAgent: proxyAgent as https.Agent | undefined,
  });
  const refusal = (file: PartitionKey): DataError | undefined =>
    key === "" && !file.date.endsWith("-01") ? noKey(file) : undefined;
  const requireOpen = (file: PartitionKey): void => {
    const refused = refusal(file);
    if (refused !== undefined) throw refused;
  };
  return {
    ...source,
    defaultTypes: VENDOR_TYPES,
    refusal,
    size: async (file) => {
      requireOpen(file);
      return source.size(file);
    },
    fetch: async (file, temporary, options) => {
      requireOpen(file);
      return source.fetch(file, temporary, options);
    },
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
 * A server that answers as the vendor's does, for example `tickbook serve`. It never gets the vendor's key.
 *
 * @param url - https address, with or without the final `/v1`
 * @throws {OptionError} the address is not https, the certificate cannot be read, or the key holds a character that no key has
 */
export async function serverSource(url: string, options: ServerOptions): Promise<Source> {
  const base = serverBase(url);
  return datasetSource(base, {
    ...options,
    key: options.serverKey ?? "",
    keyName: "TICKBOOK_SERVER_KEY",
    refusalFix: SERVER_FIX,
    proxyAgent: undefined,
  });
}

interface DatasetOptions extends Partial<ClientLimits> {
  readonly certificate?: string;
  readonly key: string;
  readonly keyName: string;
  readonly refusalFix: string;
  readonly proxyAgent: https.Agent | undefined;
}

function datasetSource(
  endpoint: string,
  { certificate, key: apiKey, keyName, refusalFix, proxyAgent, ...limits }: DatasetOptions,
): Source {
  requireKeyCharacters(apiKey, keyName);
  const client = httpsClient(endpoint, {
    agent: proxyAgent ?? new https.Agent({ keepAlive: true }),
    limits: clientLimits(limits),
    refusalFix,
    ...(certificate === undefined ? {} : { certificates: trustedCertificates(certificate) }),
  });
  return rememberAnswers({
    name: endpoint,
    defaultTypes: DATA_TYPES,
    isLocal: false,
    requireKnown: async () => undefined,
    refusal: () => undefined,
    size: (key) =>
      client.size(
        { url: `${endpoint}/${vendorPath(key)}`, headers: keyHeader(apiKey) },
        vendorPath(key),
      ),
    fetch: (key, temporary, { again = false } = {}) =>
      fetchFile(client, key, { endpoint, apiKey, temporary, again }),
    close: client.close,
  });
}

async function fetchFile(
  client: HttpsClient,
  key: PartitionKey,
  {
    endpoint,
    apiKey,
    temporary,
    again,
  }: {
    readonly endpoint: string;
    readonly apiKey: string;
    readonly temporary: string;
    readonly again: boolean;
  },
): Promise<string | undefined> {
  let isThere = false;
  await downloadByTardis(key, {
    endpoint,
    apiKey,
    file: temporary,
    download: async ({ url, userAgent, downloadPath, apiKey: ownKey }) => {
      const headers = {
        "User-Agent": userAgent,
        "Accept-Encoding": "gzip",
        ...keyHeader(ownKey),
        ...(again ? { "Cache-Control": "no-cache" } : {}),
      };
      isThere = await client.download({ url, headers }, downloadPath, vendorPath(key));
    },
  });
  return isThere ? temporary : undefined;
}

/** How a key is sent; nothing when there is none. */
export function keyHeader(key: string): Readonly<Record<string, string>> {
  return key === "" ? {} : { Authorization: `Bearer ${key}` };
}

/**
 * Checks that a key can be sent at all.
 *
 * @throws {OptionError} it holds a space, a line break or another character that no key has
 */
export function requireKeyCharacters(key: string, name: string): void {
  if (/^[\x21-\x7e]*$/.test(key)) return;
  throw new OptionError({
    column: name,
    message: "held a space, a line break or another character that no key has",
    fix: "copy the key again, without quotes and spaces around it",
  });
}

function noKey(key: PartitionKey): DataError {
  return new DataError({
    file: vendorPath(key),
    message: "was not asked for: without a key the vendor gives the first day of each month only",
    fix: NO_KEY_FIX,
  });
}
