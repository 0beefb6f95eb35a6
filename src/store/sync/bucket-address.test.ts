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

test.each([
  ...["", "ticks", "ticks/lab", "s3:/ticks", "s3:///lab", "S3://ticks", "http://host/ticks"],
  ...[
    "s3://t",
    "s3://Ticks",
    "s3://-ticks",
    "s3://ticks-",
    "s3://ti cks",
    `s3://${"t".repeat(64)}`,
  ],
  ...[
    "s3://ticks//lab",
    "s3://ticks/lab//",
    "s3://ticks/../lab",
    "s3://ticks/lab/.",
    "s3://ticks/a\nb",
  ],
])("%j is no place in a bucket, and is repeated where it is", (url) => {
  expect(() => parseBucketAddress(url)).toThrow(OptionError);
  expect(() => parseBucketAddress(url)).toThrow(
    /^url: was ".*", which is no place in a bucket; wri/,
  );
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
