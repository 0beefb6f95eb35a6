import { expect, test } from "vitest";
import { OptionError } from "../../core/errors.js";
import { parseBucketAddress } from "./bucket-address.js";

test("a bucket and a prefix are told apart, and a slash at the end makes no difference", () => {
  for (const [url, bucket, prefix] of [
    ["s3://ticks", "ticks", ""],
    ["s3://ticks/", "ticks", ""],
    ["s3://my.ticks-2/lab", "my.ticks-2", "lab/"],
    ["s3://ticks/team a/lab@home/", "ticks", "team a/lab@home/"],
  ] as const) {
    expect(parseBucketAddress(url)).toEqual({ bucket, prefix });
  }
});

const FORM =
  /^url: was ".*", which is no place in a bucket; write s3:\/\/bucket or s3:\/\/bucket\/pre/;
const BUCKET =
  /^url: was ".*", and no bucket is called ".*"; use a name of 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends$/;
const PREFIX =
  /^url: was ".*", and no prefix is ".*"; write plain steps with one slash between them, without \. and \.\.$/;

test.each([
  ...["", "ticks", "ticks/lab", "s3:/ticks", "s3:///lab", "S3://ticks", "http://host/ticks"].map(
    (url) => [url, FORM] as const,
  ),
  ...["b/p", "t", "Ticks", "-ticks", "ticks-", "ti cks", "t".repeat(64)].map(
    (rest) => [`s3://${rest}`, BUCKET] as const,
  ),
  ...["/lab", "lab//", "../lab", "lab/.", "a\nb"].map(
    (rest) => [`s3://ticks/${rest}`, PREFIX] as const,
  ),
])("%j is no place in a bucket, and is told what of it is wrong", (url, said) => {
  expect(() => parseBucketAddress(url)).toThrow(OptionError);
  expect(() => parseBucketAddress(url)).toThrow(said);
});

test.each([
  "s3://AKIACANARY:canary-secret@ticks/lab",
  "https://AKIACANARY:canary-secret@host/ticks",
  "AKIACANARY:canary-secret@ticks",
  "https://host/ticks?X-Amz-Credential=AKIACANARY&X-Amz-Signature=canary",
  "s3://AKIACANARY:canary-secret",
])("an address that may hold credentials is refused and not repeated", (url) => {
  expect(() => parseBucketAddress(url)).toThrow(/may hold credentials; .*AWS_SECRET_ACCESS_KEY/);
  expect(() => parseBucketAddress(url)).not.toThrow(/canary/i);
});
