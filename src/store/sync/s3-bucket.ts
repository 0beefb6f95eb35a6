import { createReadStream, createWriteStream } from "node:fs";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import pRetry from "p-retry";
import { DataError } from "../../core/errors.js";
import type { Fingerprint } from "../manifest.js";
import type { BucketAddress } from "./bucket-address.js";
import { bucketError, isMissing, noServer, statusOf, TransferError } from "./bucket-error.js";
import { BUCKET_LIMITS, type BucketLimits } from "./bucket-limits.js";
import { checked } from "./checked.js";
import { received } from "./received.js";
import { s3Client } from "./s3-client.js";

/** Files up to this are sent whole, others in parts of this size, two at once: so much memory a file takes. */
const PART_BYTES = 8 << 20;

/** Parts that an object can have. */
const MOST_PARTS = 10_000;

/** What no manifest comes near to; more is not read, whatever a bucket holds. */
const MOST_TEXT_BYTES = 4 << 20;

/** Tries of a body that does not arrive whole, and of a write that met another at the same moment. */
const TRIES = 3;

/** What an object is known by: its size, and the server's tag of its content. */
export interface StoredObject {
  readonly bytes: number;
  readonly etag: string;
}

/**
 * Objects of a bucket below a prefix. Endpoint, region and credentials are those of the SDK's environment and profile.
 * All functions throw {OptionError} when the bucket cannot be used so, {UnreachableError} when it does not answer, and
 * {DataError} for trouble with one object.
 *
 * Not called `Bucket`: TypeScript 7.0.2 takes the field `Bucket` of a request for the class and compiles it to `_a`.
 */
export class S3Bucket {
  readonly #client: S3Client;
  readonly #address: BucketAddress;
  readonly #limits: BucketLimits;

  constructor(address: BucketAddress, limits: BucketLimits = BUCKET_LIMITS) {
    this.#address = address;
    this.#limits = limits;
    this.#client = s3Client(limits);
  }

  /** All objects whose names below the prefix begin so. */
  async *list(start = ""): AsyncGenerator<readonly [name: string, object: StoredObject]> {
    const { prefix } = this.#address;
    for (let token: string | undefined; ; ) {
      const page = await this.#listPage(`${prefix}${start}`, token);
      for (const { Key = "", Size = 0, ETag = "" } of page.Contents ?? []) {
        if (Key.startsWith(prefix)) yield [Key.slice(prefix.length), { bytes: Size, etag: ETag }];
      }
      if (page.IsTruncated !== true) return;
      token = page.NextContinuationToken;
    }
  }

  /** A small object's text and tag; undefined when there is none. */
  async getText(
    name: string,
  ): Promise<{ readonly text: string; readonly etag: string } | undefined> {
    return this.#get(name, async (body, etag) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of body) {
        bytes += chunk.length;
        if (bytes > MOST_TEXT_BYTES) {
          const message = `has more than ${MOST_TEXT_BYTES} bytes, which no manifest has`;
          throw new DataError({ file: name, message });
        }
        chunks.push(chunk);
      }
      return { text: Buffer.concat(chunks).toString(), etag };
    });
  }

  /**
   * Writes a small text where the bucket still holds what was seen there.
   *
   * @param seen - tag of the object that was seen; undefined when there was none
   * @returns false when it holds something else, so that nothing was written
   */
  async putText(name: string, text: string, seen: string | undefined): Promise<boolean> {
    const put = new PutObjectCommand({
      ...this.#place(name),
      ...(seen === undefined ? { IfNoneMatch: "*" } : { IfMatch: seen }),
      Body: Buffer.from(text),
      ContentType: "application/json",
      ChecksumAlgorithm: "SHA256",
    });
    return this.#ask(name, async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          await this.#client.send(put);
          return true;
        } catch (error) {
          const isChanged = statusOf(error) === 412 || isMissing(error);
          // Two writes met: which of them holds is only known when one is tried again.
          const isBusy = statusOf(error) === 409;
          if (isChanged || (isBusy && attempt === TRIES)) return false;
          if (!isBusy) throw error;
          await sleep(this.#limits.pauseMs * attempt);
        }
      }
    });
  }

  /**
   * Sends a file; the server checks every part by its SHA-256, and what was sent is held against the expected one here
   * before the object is there.
   *
   * @throws {DataError} the file is not what is expected
   */
  async putFile(name: string, file: string, expected: Fingerprint): Promise<void> {
    await this.#ask(name, async () => {
      const read = createReadStream(file, { highWaterMark: 1 << 20 });
      const upload = new Upload({
        client: this.#client,
        params: {
          ...this.#place(name),
          Body: Readable.from(checked(read, name, expected)),
          ChecksumAlgorithm: "SHA256",
        },
        partSize: Math.max(PART_BYTES, Math.ceil(expected.bytes / MOST_PARTS)),
        queueSize: 2,
      });
      await upload.done();
    });
  }

  /**
   * Fetches an object into a file, or only reads it through.
   *
   * @returns false when there is no such object
   * @throws {DataError} what arrived is not what is expected
   */
  async fetch(
    name: string,
    { expected, file }: { readonly expected: Fingerprint; readonly file?: string },
  ): Promise<boolean> {
    const isThere = await this.#get(name, async (body) => {
      const target = file === undefined ? new Writable({ write: drop }) : createWriteStream(file);
      await pipeline(checked(body, name, expected), target);
      return true;
    });
    return isThere ?? false;
  }

  /** Closes the connections. */
  close(): void {
    this.#client.destroy();
  }

  async #listPage(prefix: string, token: string | undefined): Promise<ListObjectsV2CommandOutput> {
    const { bucket } = this.#address;
    const next = token === undefined ? {} : { ContinuationToken: token };
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...next });
    const abortSignal = AbortSignal.timeout(this.#limits.requestMs);
    const page = await this.#ask(undefined, () => this.#client.send(command, { abortSignal }));
    const { IsTruncated, NextContinuationToken } = page;
    // Any web page passes for an empty list, and a list that goes on but not anywhere would never end.
    const isStuck = NextContinuationToken === undefined || NextContinuationToken === token;
    if (IsTruncated === undefined || (IsTruncated && isStuck)) throw noServer(bucket, 200);
    return page;
  }

  /** Reads an object, again when it does not arrive whole; undefined when there is none. */
  async #get<Read>(
    name: string,
    read: (body: AsyncGenerator<Buffer>, etag: string) => Promise<Read>,
  ): Promise<Read | undefined> {
    const get = async (): Promise<Read | undefined> => {
      const command = new GetObjectCommand(this.#place(name));
      const { Body, ETag = "" } = await this.#client.send(command);
      return read(received(Body as Readable, name, this.#limits.idleMs), ETag);
    };
    return this.#ask(name, async () => {
      try {
        return await pRetry(get, {
          retries: TRIES - 1,
          minTimeout: this.#limits.pauseMs,
          shouldRetry: ({ error }) => error instanceof TransferError,
        });
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  #place(name: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#address.bucket, Key: `${this.#address.prefix}${name}` };
  }

  async #ask<Answer>(object: string | undefined, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      const { bucket } = this.#address;
      throw bucketError(error, object === undefined ? { bucket } : { bucket, object });
    }
  }
}

function drop(_chunk: unknown, _encoding: unknown, done: () => void): void {
  done();
}
