import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { fetchText } from "./fetch-text.js";

test("a body beyond all measure is left where it passes the bound", async () => {
  const server = http.createServer((_, response) => {
    const piece = Buffer.alloc(1 << 16, " ");
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on("drain", more);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const signal = new AbortController().signal;
    const request = { requestMs: 60_000, signal, onAnswer: () => undefined };
    await expect(fetchText(url, request)).rejects.toThrow(/sent more than 1048576 bytes/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
