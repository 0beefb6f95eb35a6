// Which days does the vendor's key open?
import { z } from "zod";
import { DataError } from "../core/errors.js";
import { tardisBorder } from "./tardis-border.js";

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
}

/**
 * Asks the vendor what a key opens, over the connections of its own client (whose `getApiKeyAccessInfo` waits without end
 * on a silent network). The key is sent to the vendor and is in no message.
 *
 * @param options.endpoint - the vendor's address up to its version
 * @throws {DataError} the vendor could not be reached, refused the key or answered something else
 */
export async function keyAccess(
  apiKey: string,
  { endpoint = VENDOR_API }: { readonly endpoint?: string } = {},
): Promise<readonly KeyAccess[]> {
  const { httpClient } = await tardisBorder();
  let answer: unknown;
  try {
    const headers = { Authorization: `Bearer ${apiKey}` };
    const request = httpClient.get(`${endpoint}/api-key-info`, {
      headers,
      timeout: STALL_MS,
      retry: 0,
    });
    answer = await request.json();
  } catch (error) {
    throw explain(error, endpoint);
  }
  const schema = z.array(
    z.object({
      exchange: z.string(),
      from: z.string(),
      to: z.string(),
      symbols: z.array(z.string()),
    }),
  );
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new DataError({
    message: `${endpoint} answered something else than what a key opens`,
    fix: "try again later",
  });
}

function explain(error: unknown, endpoint: string): DataError {
  const { code, response } = error as {
    readonly code?: string;
    readonly response?: { readonly statusCode: number };
  };
  const status = response?.statusCode;
  if (status === 401 || status === 403) {
    return new DataError({
      message: `the vendor refused the key (${status})`,
      fix: "put a valid one into TARDIS_API_KEY, in the environment or .env",
    });
  }
  return new DataError({
    message: `${endpoint} did not say what the key opens (${status ?? code ?? "no reason"})`,
    fix: "check the network and HTTP_PROXY, and try again",
  });
}
