import { S3Client } from "@aws-sdk/client-s3";
import type { BucketLimits } from "./bucket-limits.js";

/** The SDK's client: endpoint, region and credentials are those of its environment and profile. */
export function s3Client({ connectMs, idleMs, requestMs, tries }: BucketLimits): S3Client {
  // The SDK warns of Node versions of a later year on every start.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_MAX_ATTEMPTS } = process.env;
  return new S3Client({
    // Servers of one's own have no name for each bucket.
    forcePathStyle: Boolean(AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL),
    followRegionRedirects: true,
    ...(AWS_MAX_ATTEMPTS ? {} : { maxAttempts: tries }),
    // What arrives is held against its SHA-256 by us, and what is sent carries its own.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: connectMs,
      socketTimeout: idleMs,
      requestTimeout: requestMs,
      throwOnRequestTimeout: true,
    },
  });
}
