// Stands between the code under test and the S3 server of tests: counts requests, makes faults, and is strict where moto
// is not.
import { createHash } from "node:crypto";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request, with its body read. */
export interface S3Request {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer, with its body read. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: http.IncomingHttpHeaders;
  readonly body?: Buffer | string;
}

/**
 * What is done with a request.
 *
 * @param forward - asks the server, perhaps with another body
 * @returns what is answered; undefined where that is seen to by other means than an answer
 */
export type Answer = (
  request: S3Request,
  forward: (body?: Buffer) => Promise<S3Answer>,
  response: ServerResponse,
) => S3Answer | undefined | Promise<S3Answer | undefined>;

/** A server in front of the S3 server. */
export interface TestS3Proxy {
  readonly url: string;
  /** All requests so far; a test may empty it. */
  readonly requests: S3Request[];
  answer: Answer;
  readonly close: () => Promise<void>;
}

/** Hands requests on. */
export const passOn: Answer = (_, forward) => forward();

/**
 * Starts a proxy. Real S3 does two things that moto 5.2 does not, so the proxy does them:
 * - it refuses a body whose SHA-256 is not the one in `x-amz-checksum-sha256` (400, BadDigest):
 *   https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 * - it looks at the condition of a put and writes in one step, so that of two puts with `If-None-Match: *` one fails (412):
 *   https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function testS3Proxy(target: string): Promise<TestS3Proxy> {
  let lastConditional: Promise<unknown> = Promise.resolve();
  const forward = async (request: S3Request): Promise<S3Answer> => {
    if (!hasRightChecksum(request)) return refusal(400, "BadDigest");
    const { headers } = request;
    if ((headers["if-match"] ?? headers["if-none-match"]) === undefined)
      return ask(target, request);
    const answer = lastConditional.then(() => ask(target, request));
    lastConditional = answer;
    return answer;
  };
  const server = http.createServer(async (incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    // A client that is killed while it sends is no error of the test's.
    const body = await bodyOf(incoming).catch(() => undefined);
    if (body === undefined) return;
    const request = { method, url, headers, body };
    own.requests.push(request);
    const change = (other = body): Promise<S3Answer> => forward({ ...request, body: other });
    const answer = await own.answer(request, change, response);
    if (answer !== undefined) {
      response.writeHead(answer.status, answer.headers).end(answer.body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own: TestS3Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    answer: passOn,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return own;
}

/** An error as S3 words it: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function refusal(status: number, code: string, message = ""): S3Answer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml" }, body };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function hasRightChecksum({ headers, body }: S3Request): boolean {
  const said = headers["x-amz-checksum-sha256"];
  return said === undefined || said === createHash("sha256").update(body).digest("base64");
}

async function ask(target: string, request: S3Request): Promise<S3Answer> {
  const { method, url, body } = request;
  const { expect: _, ...headers } = request.headers;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const { port } = new URL(target);
    const sent = http.request({ host: "127.0.0.1", port, method, path: url, headers }, resolve);
    sent.once("error", reject);
    sent.end(body);
  });
  return { status: answer.statusCode ?? 500, headers: answer.headers, body: await bodyOf(answer) };
}
