// An S3-compatible server for tests: moto (https://docs.getmoto.org), in a process of its own, with everything in memory.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const VENV = path.resolve(__dirname, "..", "..", "..", ".venv");

/** Where the set-up for tests has put moto. */
const POINTER = path.join(VENV, ".tickbook-test-tools");

/** Listens on a free port of this machine, and ends with the process that started it, however that ends. */
const SERVER = `
import os, sys, threading
from moto.server import main
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
main(["-p", "0"])
`;

/** Moto asks for the form of a signature, and does not look whose it is. */
const SIGNED = {
  authorization:
    "AWS4-HMAC-SHA256 Credential=test/20240101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
};

/** A server, and its buckets as they are, without the code under test in between. */
export interface TestS3Server {
  readonly url: string;
  readonly makeBucket: (bucket: string) => Promise<void>;
  readonly keys: (bucket: string) => Promise<readonly string[]>;
  /** Bytes of all objects, by key. */
  readonly objects: (bucket: string) => Promise<Record<string, Buffer>>;
  readonly put: (bucket: string, key: string, body: Buffer | string) => Promise<void>;
  readonly remove: (bucket: string, key: string) => Promise<void>;
  /** Keys of uploads in parts that were neither completed nor aborted. */
  readonly unfinished: (bucket: string) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/**
 * Starts a server.
 *
 * @throws {Error} it is not installed, or does not start
 */
export async function testS3Server(): Promise<TestS3Server> {
  const child = await start();
  const url = await addressOf(child);
  const ask = async (method: string, place: string, body?: Buffer | string): Promise<Response> => {
    const sent = body === undefined ? {} : { body };
    const answer = await fetch(`${url}/${place}`, { method, headers: SIGNED, ...sent });
    if (!answer.ok) throw new Error(`${method} ${place}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const listed = async (place: string): Promise<readonly string[]> => {
    const text = await (await ask("GET", place)).text();
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key!);
  };
  const place = (bucket: string, key: string): string =>
    `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  return {
    url,
    makeBucket: async (bucket) => void (await ask("PUT", bucket)),
    keys: (bucket) => listed(`${bucket}?list-type=2`),
    objects: async (bucket) => {
      const found: Record<string, Buffer> = {};
      for (const key of await listed(`${bucket}?list-type=2`)) {
        const answer = await ask("GET", place(bucket, key));
        found[key] = Buffer.from(await answer.arrayBuffer());
      }
      return found;
    },
    put: async (bucket, key, body) => void (await ask("PUT", place(bucket, key), body)),
    remove: async (bucket, key) => void (await ask("DELETE", place(bucket, key))),
    unfinished: (bucket) => listed(`${bucket}?uploads`),
    close: async () => {
      const end = once(child, "exit");
      child.kill("SIGKILL");
      await end;
    },
  };
}

/** Settings of the SDK that lead it to a server, and to no file or service of this machine. */
export function awsEnvironment(url: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_S3: url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "AKIATESTTESTTESTTEST",
    AWS_SECRET_ACCESS_KEY: "test/secret+key/of/forty/characters/0000",
    AWS_SESSION_TOKEN: "",
    AWS_PROFILE: "",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

async function start(): Promise<ChildProcess> {
  if (!existsSync(POINTER)) {
    throw new Error(
      "the S3 server for tests is not installed; run `npm test` or `npm run check` once",
    );
  }
  const { PATH } = process.env;
  return spawn(path.join(VENV, "bin", "python"), ["-c", SERVER], {
    env: { PATH, PYTHONPATH: readFileSync(POINTER, "utf8"), PYTHONUNBUFFERED: "1" },
    stdio: ["pipe", "ignore", "pipe"],
  });
}

/** It says where it listens on standard error, between what it says of every request. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr!.on("data", (chunk) => {
      said = (said + String(chunk)).slice(-10_000);
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`the S3 server did not start: ${said}`)));
  });
}
