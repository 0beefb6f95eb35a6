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
  throw new OptionError({ column: "url", ...flawOf(url, { bucket, path, isBucket }) });
}

function flawOf(
  url: string,
  {
    bucket,
    path,
    isBucket,
  }: { readonly bucket: string; readonly path: string; readonly isBucket: boolean },
): { readonly message: string; readonly fix: string } {
  if (/[@?]|^[^/]*\/\/[^/]*:/.test(url)) {
    return {
      message: "was no place in a bucket, and may hold credentials",
      fix: "write s3://bucket/prefix, and put credentials into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or a profile",
    };
  }
  if (bucket === "") {
    return {
      message: `was "${url}", which is no place in a bucket`,
      fix: "write s3://bucket or s3://bucket/prefix",
    };
  }
  if (!isBucket) {
    return {
      message: `was "${url}", and no bucket is called "${bucket}"`,
      fix:
        "use a name of 3 to 63 lower-case letters, digits, dots and hyphens, " +
        "with a letter or digit at both ends",
    };
  }
  return {
    message: `was "${url}", and no prefix is "${path.slice(1)}"`,
    fix: "write plain steps with one slash between them, without . and ..",
  };
}
