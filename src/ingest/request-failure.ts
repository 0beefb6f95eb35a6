/** Why a request brought nothing that can be used; its words hold no key and no text of the server's. */
export class RequestFailure extends Error {
  /** Status of the answer; undefined when there was none or its body was wrong. */
  readonly status: number | undefined;
  /** Whether the next try may do better. */
  readonly isPassing: boolean;
  /** How long the server asks to be left alone. */
  readonly retryAfterMs: number;

  /** @param message - what came, as the end of "the server …": `answered 503`, `sent an HTML page` */
  constructor(
    message: string,
    {
      status,
      isPassing = true,
      retryAfterMs = 0,
    }: {
      readonly status?: number;
      readonly isPassing?: boolean;
      readonly retryAfterMs?: number;
    } = {},
  ) {
    super(message);
    this.name = "RequestFailure";
    this.status = status;
    this.isPassing = isPassing;
    this.retryAfterMs = retryAfterMs;
  }
}

/** An answer other than 200: busy and failing servers may do better next time, refusals and absent files do not. */
export function statusFailure(status: number, retryAfter: number): RequestFailure {
  return new RequestFailure(`answered ${status}`, {
    status,
    isPassing: status >= 500 || [408, 425, 429].includes(status),
    retryAfterMs: retryAfter,
  });
}

/** What the local disk, the certificate or the address is to blame for; no further try mends it. */
const LASTING = ["ENOSPC", "EDQUOT", "EFBIG", "EACCES", "EROFS", "ENOENT", "ENOTFOUND"];

/** Whether the next try may do better. */
export function isPassing(error: unknown): boolean {
  if (error instanceof RequestFailure) return error.isPassing;
  const { code = "" } = error as NodeJS.ErrnoException;
  return !isCertificateError(error) && !LASTING.includes(code) && !code.startsWith("ERR_INVALID");
}

/** Whether the server's certificate is not trusted, or it speaks no TLS. */
export function isCertificateError(error: unknown): boolean {
  const { code = "" } = error as NodeJS.ErrnoException;
  return /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS|ERR_SSL|EPROTO/.test(code);
}
