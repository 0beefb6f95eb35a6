import { DataError, OptionError } from "../core/errors.js";
import { isCertificateError, RequestFailure } from "./request-failure.js";

/** What is known of a request that was given up. */
export interface GivenUp {
  readonly server: string;
  /** What to call the file. */
  readonly place: string;
  readonly tries: number;
  /** Whether somebody was there in this run, be it that nothing was answered. */
  readonly isReached: boolean;
  /** The option that named the server. */
  readonly option: string;
  /** What to do about 401 and 403. */
  readonly refusalFix: string;
  /** Whether it was given up because the run may repeat no more requests. */
  readonly isBudgetUsedUp: boolean;
}

/**
 * The error of a request that was given up, as one sentence. Only codes and own words are in it: what a server or Node
 * wrote could hold the key.
 *
 * @returns wrong usage when nothing can come from this server or onto this disk, else a failure of this file
 */
export function explainFailure(error: unknown, given: GivenUp): Error {
  const { server, option, place, tries, isReached, refusalFix, isBudgetUsedUp } = given;
  const times = tries > 1 ? ` after ${tries} tries` : "";
  const budget = isBudgetUsedUp ? ", and this run has used up its repeated requests" : "";
  if (error instanceof RequestFailure && (error.status !== undefined || isReached)) {
    const isRefused = error.status === 401 || error.status === 403;
    const asked = error.retryAfterMs > 0 ? `, asking for ${error.retryAfterMs / 1000} s` : "";
    return new DataError({
      file: place,
      message: `was not given: ${server} ${error.message}${asked}${times}${budget}`,
      fix: isRefused ? refusalFix : "run the same command again later; what is stored is kept",
    });
  }
  const { code } = error as NodeJS.ErrnoException;
  const reason = error instanceof RequestFailure ? error.message : (code ?? nameOf(error));
  if (["ENOSPC", "EDQUOT", "EFBIG"].includes(code ?? "")) {
    return new OptionError({
      column: "--data",
      message: `has no room for ${place} (${code})`,
      fix: "make room and run the same command again; what is stored is kept",
    });
  }
  if (isCertificateError(error)) {
    return new OptionError({
      column: option,
      message: `was ${server}, whose certificate is not trusted (${code})`,
      fix: "give the certificate that the server printed with --certificate FILE",
    });
  }
  if (!isReached) {
    return new OptionError({
      column: option,
      message: `was ${server}, which could not be reached${times} (${reason})`,
      fix: "check the address, the network, HTTP_PROXY, and that the server runs",
    });
  }
  return new DataError({
    file: place,
    message: `could not be fetched from ${server}${times} (${reason})${budget}`,
    fix: "run the same command again; what is stored is kept",
  });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "no reason";
}
