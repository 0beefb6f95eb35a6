import { writeFile } from "node:fs/promises";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import net, { type AddressInfo, type Socket } from "node:net";
import path from "node:path";
import { createSecureContext } from "node:tls";
import { generate } from "selfsigned";

/** What a server does with a request. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An https server on this machine that answers as its test says. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** PEM file of its certificate. */
  readonly certificate: string;
  /** All requests so far. */
  readonly requests: IncomingMessage[];
  /** Answers in order; the last one stays. */
  answers: Answer[];
  readonly close: () => Promise<void>;
}

/** Certificates of some hosts. */
export interface TestCertificates {
  /** PEM file that holds them all. */
  readonly file: string;
  readonly pems: readonly string[];
  readonly hosts: readonly { readonly name: string; readonly key: string; readonly cert: string }[];
}

/** A certificate for each name, in one file below a folder. */
export async function testCertificates(
  folder: string,
  names: readonly string[] = ["localhost"],
): Promise<TestCertificates> {
  const hosts = [];
  for (const name of names) {
    const pems = await generate([{ name: "commonName", value: name }], { algorithm: "sha256" });
    hosts.push({ name, key: pems.private, cert: pems.cert });
  }
  const pems = hosts.map(({ cert }) => cert);
  const file = path.join(folder, "certificates.pem");
  await writeFile(file, pems.join("\n"));
  return { file, pems, hosts };
}

/** Starts a server that is all the hosts of its certificates. */
export async function testServer({ file, hosts }: TestCertificates): Promise<TestServer> {
  const [{ key, cert }] = hosts as [TestCertificates["hosts"][0]];
  const requests: IncomingMessage[] = [];
  const server = https.createServer({ key, cert }, (request, response) => {
    requests.push(request);
    (own.answers.length > 1 ? own.answers.shift()! : own.answers[0]!)(request, response);
  });
  for (const { name, ...host } of hosts) server.addContext(name, createSecureContext(host));
  // Tests send what no Node server would send by itself.
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  const own: TestServer = {
    url: `https://localhost:${port}`,
    port,
    certificate: file,
    requests,
    answers: [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return own;
}

/** Answers with a status, and a body that echoes the request's key: it must not reach a message. */
export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (request, response) => {
    response.writeHead(code, headers).end(`no ${request.headers.authorization}`);
  };
}

/** Writes bytes to the connection as they are, headers included, and closes it. */
export function raw(...parts: readonly (string | Buffer)[]): Answer {
  return (request) => {
    for (const part of parts) request.socket.write(part);
    request.socket.end();
  };
}

/** A proxy that tunnels every host to one port of this machine, and remembers which were asked for. */
export async function testProxy(port: () => number): Promise<{
  readonly url: string;
  readonly asked: string[];
  readonly close: () => Promise<void>;
}> {
  const asked: string[] = [];
  const sockets: Socket[] = [];
  const proxy = http.createServer();
  proxy.on("connect", (request, client: Socket) => {
    asked.push(request.url!);
    const target = net.connect(port(), "localhost", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    sockets.push(client, target);
    for (const socket of [client, target]) socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

/** Every form in which a key could leak: whole, in pieces of eight, base64, URL-coded. */
export function tracesOf(key: string): readonly string[] {
  const pieces = Array.from({ length: key.length - 7 }, (_, i) => key.slice(i, i + 8));
  const coded = [0, 1, 2].map((shift) =>
    // The middle of the base64 text is the same wherever the key begins; its ends are not.
    Buffer.from(" ".repeat(shift) + key)
      .toString("base64")
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [...pieces, ...coded, encodeURIComponent(key)];
}
