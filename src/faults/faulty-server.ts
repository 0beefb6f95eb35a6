import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { generate } from "selfsigned";
import { cleanUpLater } from "./clean-up.js";

/** Answers one request in its own way; `body` is the file that is asked for. */
export type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

/** A dataset server on this machine that answers as it is told. */
export interface FaultyServer {
  /** Where it answers, without a path. */
  readonly url: string;
  /** PEM file of its certificate; gone after `close`. */
  readonly certificate: string;
  /** When each request of a path came, ms; the path without `/v1/`. */
  readonly requests: ReadonlyMap<string, readonly number[]>;
  /** Heads of all requests since it was told how to answer, or one header of them. */
  readonly received: (header?: string) => string;
  /**
   * Forgets the requests so far and answers from now on in another way.
   *
   * @param choose - the answer to the nth request of a path, from 1
   */
  readonly answerWith: (choose: (place: string, nth: number) => Answer) => void;
  readonly close: () => Promise<void>;
}

/** Connections of this process's servers by the port of the other side. */
const connections = new Map<number, Socket>();

/**
 * Starts it; it gives files whole until it is told otherwise.
 *
 * @param files - bytes by path in the vendor's layout
 */
export async function startFaultyServer(
  files: Readonly<Record<string, Buffer>>,
): Promise<FaultyServer> {
  const requests = new Map<string, number[]>();
  const heads: IncomingMessage[] = [];
  let choose = (_place: string, _nth: number): Answer => wholeFile;
  const pems = await generate([{ name: "commonName", value: "localhost" }], { keySize: 2048 });
  const server = https.createServer({ key: pems.private, cert: pems.cert }, (request, response) => {
    const place = (request.url ?? "").replace(/^\/v1\//, "");
    heads.push(request);
    const times = requests.get(place) ?? [];
    requests.set(place, [...times, performance.now()]);
    // A client that goes away in the middle is what is asked for.
    response.on("error", () => undefined);
    const body = files[place];
    if (body === undefined) response.writeHead(404).end();
    else choose(place, times.length + 1)(request, response, body);
  });
  server.on("clientError", (_, socket) => socket.destroy());
  // A secure socket cannot reset the connection below it.
  server.on("connection", (socket: Socket) => {
    const { remotePort = 0 } = socket;
    connections.set(remotePort, socket);
    socket.on("close", () => connections.delete(remotePort));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-faulty-"));
  const remove = cleanUpLater(() => rmSync(folder, { recursive: true, force: true }));
  const certificate = path.join(folder, "certificate.pem");
  await writeFile(certificate, pems.cert);
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate,
    requests,
    received: (header) =>
      heads
        .map(({ url, headers }) =>
          header === undefined ? JSON.stringify([url, headers]) : String(headers[header]),
        )
        .join("\n"),
    answerWith: (next) => {
      requests.clear();
      heads.length = 0;
      choose = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      remove();
    },
  };
}

/** Ends the connection of a request by a reset. */
export function resetConnection({ socket }: IncomingMessage): void {
  connections.get(socket.remotePort ?? 0)?.resetAndDestroy();
}

/** The file with its length. */
export const wholeFile: Answer = (_, response, body) => {
  response.writeHead(200, { "content-length": body.length }).end(body);
};
