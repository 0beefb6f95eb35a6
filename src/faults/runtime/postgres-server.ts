import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { cleanUpLater } from "../clean-up.js";
import { postgresBinaries } from "./postgres-binaries.js";

const USER = "tickbook";
const START_MS = 30_000;
const PAUSE_MS = 20;

/** `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

/** A real server on this machine, which can be hurt. */
export interface PostgresServer {
  /** Of its one user, who may do everything, with the password in it. */
  readonly url: string;
  readonly password: string;
  /** Ends it at once, as a power cut ends it; what was committed is there after `start`. */
  readonly kill: () => Promise<void>;
  /** Lets it end as an administrator does: connections are cut, files closed. */
  readonly stop: () => Promise<void>;
  /** Starts it again, on the same port with the same data. */
  readonly start: () => Promise<void>;
  /** All its processes stand still: it accepts connections and never answers. */
  readonly pause: () => void;
  /** They go on. */
  readonly resume: () => void;
  /** Ends it and deletes its data. */
  readonly remove: () => Promise<void>;
}

/**
 * Starts a PostgreSQL of its own data on a free port of the loopback, which does not outlive this process.
 *
 * @throws {Error} there is none here, or it does not start; the message holds what it wrote
 */
export async function startPostgres(): Promise<PostgresServer> {
  const binaries = postgresBinaries();
  const folder = mkdtempSync(path.join(tmpdir(), "tickbook-server-"));
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const password = "s3cret-of-the-journal";
  const data = path.join(folder, "data");
  const passwordFile = path.join(folder, "password");
  writeFileSync(passwordFile, password);
  const initdb = ["-D", data, "-U", USER, "-E", "UTF8", "--locale=C", "-A", "scram-sha-256"];
  execFileSync(
    path.join(binaries, "initdb"),
    [...initdb, "--no-sync", `--pwfile=${passwordFile}`],
    { ...user, cwd: folder, stdio: "pipe" },
  );
  const port = await freePort();
  const url = `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`;
  // What was committed is in the system's memory, which no signal takes away.
  const settings = ["listen_addresses=127.0.0.1", `port=${port}`, "fsync=off"];
  settings.push("unix_socket_directories=", "max_connections=20", "shared_buffers=16MB");

  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const args = ["-D", data, ...settings.flatMap((setting) => ["-c", setting])];
    const child = spawn(path.join(binaries, "postgres"), args, {
      ...user,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    server = child;
    await untilAnswering(child, url);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = server;
    if (child === undefined) return;
    server = undefined;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const pids = family(child.pid!);
    signalAll(pids, "SIGCONT");
    if (signal === "SIGKILL") signalAll(pids, signal);
    else child.kill(signal);
    await ended;
    while (pids.some(isAlive)) await sleep(PAUSE_MS);
  };
  const endNow = cleanUpLater(() => {
    if (server !== undefined) signalAll(family(server.pid!), "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  process.once("exit", endNow);
  await start();
  return {
    url,
    password,
    start,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGINT"),
    pause: () => signalAll(family(server!.pid!), "SIGSTOP"),
    resume: () => signalAll(family(server!.pid!), "SIGCONT"),
    remove: async () => {
      await end("SIGKILL");
      process.off("exit", endNow);
      endNow();
    },
  };
}

async function untilAnswering(child: ChildProcess, url: string): Promise<void> {
  let text = "";
  child.stderr!.on("data", (piece) => {
    text += piece;
  });
  for (const begun = Date.now(); Date.now() - begun < START_MS; ) {
    if (child.exitCode !== null) break;
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 1000 });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(PAUSE_MS);
    }
  }
  child.kill("SIGKILL");
  throw new Error(`PostgreSQL did not start: ${text}`);
}

/** The server and its children, the server first: it starts no more of them once it stands still. */
function family(pid: number): readonly number[] {
  if (!existsSync("/proc")) return [pid];
  const children = readdirSync("/proc").filter((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === pid;
    } catch {
      return false;
    }
  });
  return [pid, ...children.map(Number)];
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
