import { OptionError } from "../../core/errors.js";

/** A place in an S3 bucket. */
export interface BucketAddress {
  readonly bucket: string;
  /** What all keys begin with: empty, or ends with a slash. */
  readonly prefix: string;
}

/**
 * Parses `s3://bucket/prefix`; a slash at the prefix's end makes no difference.
 *
 * @throws {OptionError} it is no such address; one that may hold credentials is not repeated
 */
export function parseBucketAddress(url: string): BucketAddress {
  const [, bucket = "", path = ""] = /^s3:\/\/([^/]*)(.*)$/s.exec(url) ?? [];
  const steps = path.replace(/^\/|\/$/g, "").split("/");
  const isBucket = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket);
  // Some servers clean paths as file systems do, and would store elsewhere than they are asked to.
  const isPlain = steps.every((step) => !["", ".", ".."].includes(step) && !/\p{Cc}/u.test(step));
  const isRoot = path === "" || path === "/";
  if (isBucket && (isRoot || isPlain)) {
    return { bucket, prefix: isRoot ? "" : `${steps.join("/")}/` };
  }
  const hasSecret = /[@?]|^[^/]*\/\/[^/]*:/.test(url);
  throw new OptionError({
    column: "url",
    message: hasSecret
      ? "was no place in a bucket, and may hold credentials"
      : `was "${url}", which is no place in a bucket`,
    fix: hasSecret
      ? "write s3://bucket/prefix, and put credentials into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or a profile"
      : "write s3://bucket or s3://bucket/prefix",
  });
}
