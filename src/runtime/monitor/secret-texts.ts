const HIDDEN = "[secret]";
const SHORTEST = 6;
/** Name and password in an address: `//name:password@`. */
const CREDENTIALS = /\/\/[^/\s"@]*:[^/\s"@]*@/g;

/**
 * Makes the function that takes secrets out of lines of JSON: each of those given, as JSON writes it and as an address
 * does, and name and password of any address. What it leaves is JSON still.
 *
 * @param secrets - keys, tokens, addresses that hold one; those under 6 characters are words that may stand anywhere
 */
export function secretRemover(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, ...pathOf(secret)])
    .flatMap((secret) => [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  // The longest first: a part of a secret must not break up the whole.
  const sorted = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => {
    let safe = text;
    for (const form of sorted) safe = safe.replaceAll(form, HIDDEN);
    return safe.replace(CREDENTIALS, `//${HIDDEN}@`);
  };
}

/** An address' path and query, where webhooks have their tokens. */
function pathOf(secret: string): readonly string[] {
  if (!URL.canParse(secret)) return [];
  const { pathname, search } = new URL(secret);
  return [`${pathname}${search}`, pathname].filter((part) => part.length >= SHORTEST + 2);
}
