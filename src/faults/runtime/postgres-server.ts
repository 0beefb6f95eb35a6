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
const IS_ROOT = process.getuid?.() === 0;
const RUN_AS = IS_ROOT ? { uid: NOBODY, gid: NOBODY } : {};

/** A real server on this machine, which can be hurt; it does not outlive this process. */
export class PostgresServer {
  private child: ChildProcess | undefined;
  private readonly endNow: () => void;

  private constructor(
    private readonly folder: string,
    private readonly binaries: string,
    private readonly port: number,
    /** Of its one user, who may do everything. */
    readonly password: string,
    private readonly isFlushing: boolean,
  ) {
    this.endNow = cleanUpLater(() => {
      if (this.child !== undefined) signalAll(family(this.child.pid!), "SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    });
    process.once("exit", this.endNow);
  }

  /**
   * Makes one with data of its own; it does not run yet.
   *
   * @param options.isFlushing - as servers do, whose commits outlive a power cut; where only signals end it that is not needed
   */
  static async make({
    isFlushing = false,
  }: {
    readonly isFlushing?: boolean;
  } = {}): Promise<PostgresServer> {
    const folder = mkdtempSync(path.join(tmpdir(), "tickbook-postgres-"));
    if (IS_ROOT) chownSync(folder, NOBODY, NOBODY);
    const password = "s3cret-of-the-journal";
    const passwordFile = path.join(folder, "password");
    writeFileSync(passwordFile, password);
    const args = ["-D", path.join(folder, "data"), "-U", USER, "-E", "UTF8", "--locale=C"];
    args.push("-A", "scram-sha-256", "--no-sync", `--pwfile=${passwordFile}`);
    const binaries = postgresBinaries(path.join(folder, "binaries"));
    execFileSync(path.join(binaries, "initdb"), args, { ...RUN_AS, cwd: folder, stdio: "pipe" });
    return new PostgresServer(folder, binaries, await freePort(), password, isFlushing);
  }

  /** With the password in it. */
  get url(): string {
    return `postgresql://${USER}:${this.password}@127.0.0.1:${this.port}/postgres`;
  }

  /**
   * Starts it, on the same port with the same data each time.
   *
   * @throws {Error} it does not start; the message holds what it wrote
   */
  async start(): Promise<void> {
    // What was committed is in the system's memory, which no signal takes away.
    const settings = ["listen_addresses=127.0.0.1", `port=${this.port}`];
    settings.push(`fsync=${this.isFlushing ? "on" : "off"}`);
    settings.push("unix_socket_directories=", "max_connections=20", "shared_buffers=16MB");
    const args = ["-D", path.join(this.folder, "data")];
    args.push(...settings.flatMap((setting) => ["-c", setting]));
    this.child = spawn(path.join(this.binaries, "postgres"), args, {
      ...RUN_AS,
      cwd: this.folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    await untilAnswering(this.child, this.url);
  }

  /** Ends it at once, as a power cut ends it; what was committed is there after `start`. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Lets it end as an administrator does: connections are cut, files closed. */
  async stop(): Promise<void> {
    await this.end("SIGINT");
  }

  /** All its processes stand still: it accepts connections and never answers. */
  pause(): void {
    signalAll(family(this.child!.pid!), "SIGSTOP");
  }

  /** They go on. */
  resume(): void {
    signalAll(family(this.child!.pid!), "SIGCONT");
  }

  /** Ends it and deletes its data. */
  async remove(): Promise<void> {
    await this.kill();
    process.off("exit", this.endNow);
    this.endNow();
  }

  private async end(signal: "SIGKILL" | "SIGINT"): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const pids = family(child.pid!);
    signalAll(pids, "SIGCONT");
    signalAll(signal === "SIGKILL" ? pids : [child.pid!], signal);
    await ended;
    while (pids.some(isAlive)) await sleep(PAUSE_MS);
  }
}

/**
 * Starts a PostgreSQL of its own data on a free port of the loopback.
 *
 * @throws {Error} there is none on this machine, or it does not start
 */
export async function startPostgres(
  options: Parameters<typeof PostgresServer.make>[0] = {},
): Promise<PostgresServer> {
  const server = await PostgresServer.make(options);
  await server.start();
  return server;
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
