import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { OptionError } from "../core/errors.js";

/**
 * Certificates that Node trusts by itself, those of `NODE_EXTRA_CA_CERTS`, and one more for this run.
 *
 * @param certificate - PEM file
 * @throws {OptionError} it cannot be read, or holds no certificate: TLS itself would pass over it in silence
 */
export function trustedCertificates(certificate: string): readonly string[] {
  const extra = process.env["NODE_EXTRA_CA_CERTS"];
  const files = extra === undefined || extra === "" ? [certificate] : [extra, certificate];
  return [...rootCertificates, ...files.map((file) => readCertificate(file, certificate))];
}

function readCertificate(file: string, asked: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, "utf8");
  } catch (error) {
    // Node itself only warns when its own extra certificates cannot be read.
    if (file !== asked) return "";
    throw refused(file, `could not be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (file === asked && !isCertificate(pem)) throw refused(file, "holds no certificate");
  return pem;
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

function refused(file: string, message: string): OptionError {
  return new OptionError({
    column: "--certificate",
    message: `was "${file}", which ${message}`,
    fix: "give the PEM file that `npx tickbook serve` printed",
  });
}
