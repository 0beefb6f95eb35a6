// Databases for runs: one on a server for each of them, or none, which is the embedded one of its root.
import { Client } from "pg";
import type { PostgresServer } from "./postgres-server.js";

/** Databases of one server. */
export class RunDatabases {
  private made = 0;

  constructor(private readonly server: PostgresServer) {}

  /** Makes an empty one, and gives its address. */
  async next(): Promise<string> {
    const name = `run${this.made++}`;
    const client = new Client({ connectionString: this.server.url });
    await client.connect();
    try {
      await client.query(`create database ${name}`);
    } finally {
      await client.end();
    }
    const url = new URL(this.server.url);
    url.pathname = `/${name}`;
    return url.href;
  }
}
