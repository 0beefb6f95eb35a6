// For tests only: a server, and a root of a store, of one test file.
import { afterAll, beforeAll } from "vitest";
import { temporaryData } from "./test-databases.js";

/** What is there while the file's tests run. */
export interface TestServer<Server> {
  readonly data: string;
  readonly server: Server;
}

/** Starts a server before the first test of the file that calls it, and removes all of it after the last. */
export function testServer<Server extends { readonly remove: () => Promise<void> }>(
  start: () => Promise<Server>,
): TestServer<Server> {
  const { data, remove } = temporaryData();
  let server: Server | undefined;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server?.remove();
    remove();
  });
  return {
    data,
    get server() {
      return server!;
    },
  };
}
