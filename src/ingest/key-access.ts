// Does the vendor answer, and what does its key open?
import https from "node:https";
import { z } from "zod";
import { DataError } from "../core/errors.js";
import { type ClientLimits, clientLimits } from "./client-limits.js";
import { httpsClient } from "./https-client.js";
import { keyHeader, requireKeyCharacters } from "./server-source.js";
import { tardisBorder } from "./tardis-border.js";
import { trustedCertificates } from "./trusted-certificates.js";

const VENDOR_API = "https://api.tardis.dev/v1";
const STALL_MS = 20_000;

/** Days of one exchange that a key opens. */
export interface KeyAccess {
  readonly exchange: string;
  /** First moment, as the vendor writes it: `2019-03-30T00:00:00.000Z`. */
  readonly from: string;
  /** End, exclusive. */
  readonly to: string;
  /** Empty when it is all of them. */
  readonly symbols: readonly string[];
  /** What was bought, in the vendor's words, where it says so. */
  readonly dataPlan?: string | undefined;
  readonly accessType?: string | undefined;
}

/** What the vendor has of one exchange. */
export interface ExchangeDays {
  readonly exchange: string;
  /** First moment and end of the files there are, as the vendor writes them. */
  readonly from: string;
  readonly to: string;
  readonly symbols: readonly ExchangeSymbol[];
}

/** A symbol of an exchange, as files name it, and since when it is there. */
export interface ExchangeSymbol {
  readonly id: string;
  readonly availableSince: string;
  readonly availableTo?: string | undefined;
}

/** How to reach the vendor's API. */
export interface VendorOptions extends Partial<ClientLimits> {
  /** Its address up to the version. */
  readonly endpoint?: string;
  /** PEM file of a certificate to trust beside those already trusted. */
  readonly certificate?: string;
}

const ACCESS = z.array(
  z.object({
    exchange: z.string(),
    from: z.string(),
    to: z.string(),
    symbols: z.array(z.string()),
    dataPlan: z.string().optional(),
    accessType: z.string().optional(),
  }),
);

const EXCHANGE = z.object({
  datasets: z.object({
    exportedFrom: z.string(),
    exportedUntil: z.string(),
    symbols: z.array(
      z.object({
        id: z.string(),
        availableSince: z.string(),
        availableTo: z.string().optional(),
      }),
    ),
  }),
});

/**
 * Asks the vendor what a key opens. The key is sent to the vendor and is in no message.
 *
 * @throws {DataError} the vendor refused the key or answered something else
 * @throws {OptionError} the vendor could not be reached, or the key holds a character that no key has
 */
export async function keyAccess(
  apiKey: string,
  options: VendorOptions = {},
): Promise<readonly KeyAccess[]> {
  requireKeyCharacters(apiKey, "TARDIS_API_KEY");
  return await ask("api-key-info", { schema: ACCESS, apiKey, options });
}

/**
 * Asks the vendor which days and symbols it has of an exchange; needs no key.
 *
 * @throws {DataError} the vendor does not have the exchange or answered something else
 * @throws {OptionError} the vendor could not be reached
 */
export async function exchangeDays(
  exchange: string,
  options: VendorOptions = {},
): Promise<ExchangeDays> {
  const { datasets } = await ask(`exchanges/${exchange}`, { schema: EXCHANGE, options });
  const { exportedFrom: from, exportedUntil: to, symbols } = datasets;
  return { exchange, from, to, symbols };
}

async function ask<Answer>(
  what: string,
  {
    schema,
    apiKey = "",
    options: { endpoint = VENDOR_API, certificate, ...limits },
  }: {
    readonly schema: z.ZodType<Answer>;
    readonly apiKey?: string;
    readonly options: VendorOptions;
  },
): Promise<Answer> {
  const { proxyAgent } = await tardisBorder();
  const client = httpsClient(endpoint, {
    agent: (proxyAgent as https.Agent | undefined) ?? new https.Agent({ keepAlive: true }),
    limits: clientLimits({ stallMs: STALL_MS, ...limits }),
    option: "vendor",
    refusalFix: "the key is wrong or has run out: put a valid one into TARDIS_API_KEY",
    ...(certificate === undefined ? {} : { certificates: trustedCertificates(certificate) }),
  });
  try {
    const answer = await client.json(
      { url: `${endpoint}/${what}`, headers: keyHeader(apiKey) },
      what,
    );
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new DataError({
      file: what,
      message: `was not what ${endpoint} is known to answer`,
      fix: "try again later, and look for a newer version of this program",
    });
  } finally {
    client.close();
  }
}
