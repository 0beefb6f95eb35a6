import https from "node:https";
import { DataError, OptionError } from "../../core/errors.js";
import { dateOf } from "../../core/time.js";
import { clientLimits } from "../client-limits.js";
import { httpsClient } from "../https-client.js";
import { serverBase } from "../server-address.js";
import {
  KEY_FIX,
  keyHeader,
  NO_KEY_FIX,
  requireKeyCharacters,
  SERVER_FIX,
  type ServerOptions,
} from "../server-source.js";
import { tardisBorder } from "../tardis-border.js";
import { trustedCertificates } from "../trusted-certificates.js";
import { type SliceRequest, type SliceSource, slicePath } from "./slice-source.js";
import { tardisNormalizers } from "./tardis-normalizers.js";

const VENDOR = "https://api.tardis.dev/v1";

/** A day is 1,440 requests: more of them at once than of files, and fewer than the 60 beyond which the vendor sees no gain. */
const LIMITS = { requestsAtOnce: 24, requestsPerSecond: 400 };

/**
 * The vendor's own raw feed. Without a key it opens the first day of each month, and nothing else is asked of it.
 *
 * @throws {OptionError} the key holds a character that no key has
 */
export async function tardisSlices(options: ServerOptions): Promise<SliceSource> {
  const { proxyAgent } = await tardisBorder();
  const key = options.apiKey ?? "";
  const source = serverFeed(VENDOR, {
    ...options,
    key,
    keyName: "TARDIS_API_KEY",
    refusalFix: key === "" ? NO_KEY_FIX : KEY_FIX,
    proxyAgent: proxyAgent as https.Agent | undefined,
  });
  return {
    ...source,
    requireKnown: async (exchange) => {
      const { exchanges } = await tardisNormalizers();
      if (exchanges.includes(exchange)) return;
      throw new OptionError({
        column: "--exchange",
        message: `was "${exchange}", which the vendor does not have`,
        fix: `use one of ${exchanges.join(", ")}`,
      });
    },
    lookUp: async (exchange, dayStartUs) => {
      if (key === "") requireFreeDay({ exchange, dayStartUs, minute: 0 });
      return source.lookUp(exchange, dayStartUs);
    },
    fetch: async (request, temporary) => {
      if (key === "") requireFreeDay(request);
      return source.fetch(request, temporary);
    },
  };
}

/**
 * A server that answers as the vendor's raw feed does, for example `tickbook serve`. It never gets the vendor's key.
 *
 * @throws {OptionError} the address is not https, the certificate cannot be read, or the key holds a character that no key has
 */
export async function serverSlices(url: string, options: ServerOptions): Promise<SliceSource> {
  return serverFeed(serverBase(url), {
    ...options,
    key: options.serverKey ?? "",
    keyName: "TICKBOOK_SERVER_KEY",
    refusalFix: SERVER_FIX,
    proxyAgent: undefined,
  });
}

interface FeedOptions extends ServerOptions {
  readonly key: string;
  readonly keyName: string;
  readonly refusalFix: string;
  readonly proxyAgent: https.Agent | undefined;
}

function serverFeed(endpoint: string, options: FeedOptions): SliceSource {
  const { certificate, key, keyName, refusalFix, proxyAgent, ...limits } = options;
  requireKeyCharacters(key, keyName);
  const client = httpsClient(endpoint, {
    agent: proxyAgent ?? new https.Agent({ keepAlive: true }),
    limits: clientLimits({ ...LIMITS, ...limits }),
    refusalFix,
    ...(certificate === undefined ? {} : { certificates: trustedCertificates(certificate) }),
  });
  return {
    name: endpoint,
    requireKnown: async () => undefined,
    lookUp: async () => undefined,
    fetch: async (request, temporary) => {
      const { userAgent } = await tardisNormalizers();
      const headers = {
        "User-Agent": userAgent,
        "Accept-Encoding": "gzip",
        ...keyHeader(key),
      };
      const asked = { url: sliceUrl(endpoint, request), headers };
      return (await client.download(asked, temporary, slicePath(request))) ? temporary : undefined;
    },
    close: client.close,
  };
}

/** The address that the vendor's own client asks for. */
function sliceUrl(
  endpoint: string,
  { exchange, dayStartUs, minute, filters }: SliceRequest,
): string {
  const from = new Date(dayStartUs / 1000).toISOString();
  const channels =
    filters.length === 0 ? "" : `&filters=${encodeURIComponent(JSON.stringify(filters))}`;
  return `${endpoint}/data-feeds/${exchange}?from=${from}&offset=${minute}${channels}`;
}

function requireFreeDay(request: Omit<SliceRequest, "filters">): void {
  if (dateOf(request.dayStartUs).endsWith("-01")) return;
  throw new DataError({
    file: slicePath(request),
    message: "was not asked for: without a key the vendor gives the first day of each month only",
    fix: NO_KEY_FIX,
  });
}
