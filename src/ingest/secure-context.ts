import { createSecureContext, type SecureContext } from "node:tls";

let last: { readonly pems: string; readonly context: SecureContext } | undefined;

/**
 * What connections need to trust certificates and no others. Node's own are 150, and to read them takes longer than most
 * requests do: all connections share what was made of them last.
 */
export function secureContext(certificates: readonly string[]): SecureContext {
  const pems = certificates.join("\n");
  if (last?.pems !== pems) last = { pems, context: createSecureContext({ ca: [...certificates] }) };
  return last.context;
}
