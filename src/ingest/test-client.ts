import { mkdtemp, readFile, rm } from "node:fs/promises";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { type ClientLimits, clientLimits } from "./client-limits.js";
import { type HttpsClient, httpsClient } from "./https-client.js";
import type { HttpsRequest } from "./https-request.js";
import {
  type Answer,
  type TestCertificates,
  type TestServer,
  testCertificates,
  testServer,
} from "./test-server.js";

/** A key that must never be seen. */
export const KEY = "TD.canary/5f1c9d3a77+e0b2==";

/** A sound csv.gz. */
export const FILE: Buffer = gzipSync("exchange,symbol\n".repeat(500));

/**
 * Quick limits: waits of a millisecond, a stall after a second, and 50,000 bytes in every one. A right answer of a busy
 * machine is done long before.
 */
export const QUICK: Partial<ClientLimits> = {
  firstWaitMs: 1,
  stallMs: 1000,
  paceWindowMs: 1000,
  minBytesPerSecond: 50_000,
  requestsPerSecond: 10_000,
};

/** Two servers, and clients of the first that download from it. */
export interface TestClient {
  readonly certificates: TestCertificates;
  readonly server: TestServer;
  readonly other: TestServer;
  /** Where downloads are written. */
  readonly file: string;
  readonly request: HttpsRequest;
  readonly client: (limits?: Partial<ClientLimits>) => HttpsClient;
  /** Downloads with given answers: the file's bytes, nothing when it is absent, or the error. */
  readonly download: (
    answers: readonly Answer[],
    limits?: Partial<ClientLimits>,
  ) => Promise<Buffer | Error | undefined>;
  readonly close: () => Promise<void>;
}

/**
 * Starts both servers; the other one gives the sound file.
 *
 * @param others - certificates of another test client, where there is one; to make new ones takes longer than all else
 */
export async function testClient(others?: TestCertificates): Promise<TestClient> {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-client-"));
  const file = path.join(folder, "file.csv.gz");
  const certificates = others ?? (await testCertificates(folder));
  const server = await testServer(certificates);
  const other = await testServer(certificates);
  const clients: HttpsClient[] = [];
  const request = {
    url: `${server.url}/v1/x.csv.gz`,
    headers: { Authorization: `Bearer ${KEY}` },
  };
  const client = (limits: Partial<ClientLimits> = {}): HttpsClient => {
    const made = httpsClient(server.url, {
      agent: new https.Agent({ keepAlive: true }),
      certificates: certificates.pems,
      limits: clientLimits({ ...QUICK, ...limits }),
      refusalFix: "use another key",
    });
    clients.push(made);
    return made;
  };
  return {
    certificates,
    server,
    other,
    file,
    request,
    client,
    download: async (answers, limits) => {
      server.answers = [...answers];
      try {
        const isThere = await client(limits).download(request, file, "x.csv.gz");
        return isThere ? await readFile(file) : undefined;
      } catch (error) {
        return error as Error;
      }
    },
    close: async () => {
      for (const one of clients) one.close();
      await server.close();
      await other.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Gives the sound file. */
export const whole: Answer = (_, response) => {
  response.writeHead(200, { "content-length": FILE.length }).end(FILE);
};

/** Gives a body and headers as they are. */
export function body(bytes: Buffer | string, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(200, headers).end(bytes);
  };
}

/** Sends the client elsewhere. */
export function redirect(location: string, code = 302): Answer {
  return (_, response) => {
    response.writeHead(code, { location }).end();
  };
}
