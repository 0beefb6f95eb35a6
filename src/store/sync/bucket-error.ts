import { DataError, OptionError, WorkbenchError } from "../../core/errors.js";

/** A server that did not answer, or failed to: asking for the next thing will not help either. */
export class UnreachableError extends OptionError {}

/** An object that was not given, or did not arrive whole: nothing is known of what the bucket holds. */
export class TransferError extends DataError {}

/** How the SDK tells of the server's answer; also of none. */
interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Why a bucket cannot be used as it is asked to be: whatever comes next would be refused as well. */
interface Refusal {
  /** Names of the answers, as S3 and its SDK call them. */
  readonly names: readonly string[];
  readonly status?: number;
  readonly message: string;
  readonly fix: string;
}

const MEND_CREDENTIALS = "mend the credentials in the environment or the profile";

const REFUSALS: readonly Refusal[] = [
  {
    names: ["NoSuchBucket", "InvalidBucketName"],
    message: "is no bucket that exists",
    fix: "make it first, or mend the name",
  },
  {
    names: ["CredentialsProviderError", "TokenProviderError"],
    message: "needs credentials, and none could be loaded",
    fix: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
  },
  {
    names: ["InvalidAccessKeyId"],
    message: "was asked with an access key that the server does not know",
    fix: MEND_CREDENTIALS,
  },
  {
    names: ["SignatureDoesNotMatch"],
    message: "was asked with a secret key that does not fit its access key",
    fix: MEND_CREDENTIALS,
  },
  {
    names: ["ExpiredToken", "ExpiredTokenException", "InvalidToken"],
    message: "was asked with a session token that has expired or is not valid",
    fix: MEND_CREDENTIALS,
  },
  {
    names: ["RequestTimeTooSkewed"],
    message: "was asked with a clock that is wrong by more than 15 minutes",
    fix: "set the clock of this machine",
  },
  {
    names: [
      "PermanentRedirect",
      "AuthorizationHeaderMalformed",
      "IllegalLocationConstraintException",
    ],
    status: 301,
    message: "is in another region than was asked",
    fix: "set AWS_REGION to the bucket's region",
  },
  {
    names: ["EndpointError"],
    message: "was asked at an endpoint that is no address",
    fix: "write AWS_ENDPOINT_URL_S3 as https://host or http://host:port",
  },
  {
    names: ["AccessDenied"],
    status: 403,
    message: "may not be used so with these credentials",
    fix: "allow listing, getting and putting objects, or use other credentials",
  },
  {
    names: ["NotImplemented"],
    status: 501,
    message: "is on a server that does not know what it was asked, perhaps conditional writes",
    fix: "use a server that does: without them two writers could harm each other",
  },
];

const NO_REGION: Refusal = {
  names: [],
  message: "was asked without a region that is one",
  fix: "set AWS_REGION, for example to us-east-1",
};

const NETWORK =
  /^(E(CONN\w+|NOTFOUND|AI_AGAIN|TIMEDOUT|PIPE|PROTO|HOST\w+|NET\w+)|ERR_(TLS|SSL|STREAM_PREMATURE)\w+|HPE_\w+|CERT_\w+|\w*SELF_SIGNED\w*|UNABLE_TO\w+|TimeoutError|AbortError)$/;

/** Whether an object that was asked for is not there. */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404 && (error as SdkError).name !== "NoSuchBucket";
}

/** The status of a server's answer; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  return (error as SdkError).$metadata?.httpStatusCode;
}

/** The code of a connection that failed, whatever was asked; undefined for every other error. */
export function networkReason(error: unknown): string | undefined {
  const { name, code = "" } = error as SdkError;
  return [code, name].find((text) => NETWORK.test(text));
}

/**
 * What the SDK threw, in the project's words: what was wrong, where, how to mend it. Only codes that are listed here are
 * repeated: what a server wrote could hold the key that it was sent.
 *
 * @param place.object - the object that was asked for; left out where the bucket itself was
 */
export function bucketError(
  error: unknown,
  { bucket, object }: { readonly bucket: string; readonly object?: string },
): unknown {
  if (error instanceof WorkbenchError) return error;
  const status = statusOf(error);
  const column = `s3://${bucket}`;
  const refusal = refusalOf(error, object !== undefined);
  if (refusal !== undefined) {
    return new OptionError({ column, message: refusal.message, fix: refusal.fix });
  }
  const reason = networkReason(error);
  if (reason !== undefined || (status !== undefined && status >= 500)) {
    return new UnreachableError({
      column,
      message: `could not be reached (${reason ?? `status ${status}`})`,
      fix: "look at the network and AWS_ENDPOINT_URL_S3, and run the same command again: what is done is kept",
    });
  }
  if (status === undefined) return error;
  if (object === undefined) return noServer(bucket, status);
  const message = isArchived(error) ? "is archived" : `was refused with status ${status}`;
  const fix = isArchived(error) ? "restore it first" : "run the same command again";
  return new TransferError({ file: object, message, fix });
}

/** What is said of a server whose answers no S3 server gives. */
export function noServer(bucket: string, status: number): OptionError {
  return new OptionError({
    column: `s3://${bucket}`,
    message: `was asked of a server that does not answer as S3 does (status ${status})`,
    fix: "look at AWS_ENDPOINT_URL_S3",
  });
}

function refusalOf(error: unknown, isOfObject: boolean): Refusal | undefined {
  const { name, message, code } = error as SdkError;
  if (/^Region (is missing|not accepted)|^Invalid region/.test(message)) return NO_REGION;
  if (isOfObject && isArchived(error)) return undefined;
  const status = statusOf(error);
  const called = code === "ERR_INVALID_URL" ? "EndpointError" : name;
  return (
    REFUSALS.find(({ names }) => names.includes(called)) ??
    REFUSALS.find((refusal) => status !== undefined && refusal.status === status)
  );
}

/** One object in a class that is not read at once; the others may be. */
function isArchived(error: unknown): boolean {
  return (error as SdkError).name === "InvalidObjectState";
}
