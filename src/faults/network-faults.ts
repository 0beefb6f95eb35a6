import type { Random } from "../core/random.js";
import { type Answer, resetConnection, wholeFile } from "./faulty-server.js";

/** One way in which a server or the way to it fails. */
export interface NetworkFault {
  readonly name: string;
  /** An answer of this kind; where it breaks off is drawn. */
  readonly answer: (random: Random) => Answer;
  /** Least wait that the server asks for before the next request, ms. */
  readonly askedWaitMs?: number;
}

/** Faults that the next try may be free of. */
export const PASSING_FAULTS: readonly NetworkFault[] = [
  ...[500, 502, 503, 504].map((code) => status(code)),
  status(503, 1),
  status(429),
  status(429, 1),
  broken("content length too short", (body) => [body, body.length - 1]),
  broken("content length too long", (body) => [body, body.length + 1000]),
  broken("whole gzip members up to a line's end, announced as more", (body) => [
    body.subarray(0, nextMember(body)),
    body.length,
  ]),
  page("an HTML page with status 200", "<!doctype html><title>Sign in</title>", "text/html"),
  page("an HTML page called gzip", "<html><body>Maintenance</body></html>", "application/gzip"),
  page("JSON with status 200", '{"error":"try later"}', "application/json"),
  page("an empty body", "", "application/gzip"),
  {
    name: "an empty body without a length",
    answer: () => (_, response) => {
      response.writeHead(200).end();
    },
  },
  {
    name: "a reset before the answer",
    answer: () => resetConnection,
  },
  resetWithin("a reset within the body", true),
  resetWithin("a reset within a body without a length", false),
  {
    name: "silence before the answer",
    answer: () => () => undefined,
  },
  {
    name: "a stall within the body",
    answer: (random) => (_, response, body) => {
      response.writeHead(200, { "content-length": body.length });
      response.write(body.subarray(0, random.below(body.length)));
    },
  },
  {
    name: "a slow drip",
    answer: () => (_, response, body) => {
      response.writeHead(200, { "content-length": body.length });
      let sent = 0;
      const timer = setInterval(() => response.write(body.subarray(sent, ++sent)), 20);
      response.on("close", () => clearInterval(timer));
    },
  },
];

/** Faults in bytes that arrive as they were announced: only the gzip itself can tell. */
export const UNSEEN_FAULTS: readonly NetworkFault[] = [
  {
    name: "half a file that is announced as whole",
    answer: (random) => (request, response, body) =>
      wholeFile(request, response, body.subarray(0, 20 + random.below(body.length - 20))),
  },
  {
    name: "half a file without a length",
    answer: (random) => (_, response, body) => {
      response.writeHead(200).end(body.subarray(0, 20 + random.below(body.length - 20)));
    },
  },
  {
    name: "bytes altered on the way",
    answer: (random) => (request, response, body) => {
      const altered = Buffer.from(body);
      altered[20 + random.below(body.length - 20)]! ^= 1 + random.below(255);
      wholeFile(request, response, altered);
    },
  },
];

/** Refusals, which a second request would not change. */
export const REFUSALS: readonly number[] = [400, 401, 403, 404, 410];

/** Answers with a status, and with how many seconds to wait. */
export function status(code: number, retryAfter?: number): NetworkFault {
  const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  const name = `status ${code}${retryAfter === undefined ? "" : " with Retry-After"}`;
  const answer: Answer = (_, response) => {
    response.writeHead(code, headers).end("no");
  };
  const wait = retryAfter === undefined ? {} : { askedWaitMs: 1000 * retryAfter };
  return { name, answer: () => answer, ...wait };
}

/** Bytes and an announced length that do not fit together. */
function broken(
  name: string,
  choose: (body: Buffer) => readonly [bytes: Buffer, announced: number],
): NetworkFault {
  const answer: Answer = (request, _, body) => {
    const [bytes, announced] = choose(body);
    // Node's own server refuses to send what it has not announced.
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${announced}\r\nconnection: close\r\n\r\n`;
    request.socket.end(Buffer.concat([Buffer.from(head), bytes]));
  };
  return { name, answer: () => answer };
}

function page(name: string, text: string, type: string): NetworkFault {
  const headers = { "content-type": type, "content-length": Buffer.byteLength(text) };
  const answer: Answer = (_, response) => {
    response.writeHead(200, headers).end(text);
  };
  return { name, answer: () => answer };
}

function resetWithin(name: string, hasLength: boolean): NetworkFault {
  return {
    name,
    answer: (random) => (request, response, body) => {
      response.writeHead(200, hasLength ? { "content-length": body.length } : {});
      const part = body.subarray(0, random.below(body.length));
      response.write(part, () => resetConnection(request));
    },
  };
}

/** Where the second member of a gzip begins. */
function nextMember(body: Buffer): number {
  return body.indexOf(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), 1);
}
