import fc from "fast-check";
import { expect, test } from "vitest";
import { secretRemover } from "./secret-texts.js";

test("a secret is gone from a line of JSON whatever stands around it, and the line is JSON still", () => {
  const visible = fc
    .string({ minLength: 8, maxLength: 30 })
    .filter((text) => !"[secret]".includes(text));
  fc.assert(
    fc.property(visible, fc.string(), fc.string(), (secret, before, after) => {
      const line = JSON.stringify({ text: `${before}${secret}${after}` });
      const safe = secretRemover([secret])(line);
      const { text } = JSON.parse(safe) as { readonly text: string };
      expect(text).not.toContain(secret);
      expect(text).toContain("[secret]");
    }),
    { seed: 1 },
  );
});

test("an address is hidden whole, encoded, and by the path that holds its token", () => {
  const address = "https://hooks.example/services/T000/B000/abcdefgh?x=1";
  const remove = secretRemover([address]);
  for (const text of [
    address,
    encodeURIComponent(address),
    "POST /services/T000/B000/abcdefgh?x=1 failed",
    "/services/T000/B000/abcdefgh",
  ]) {
    expect(remove(`"${text}"`)).not.toMatch(/abcdefgh/);
  }
});

test("name and password of any address are hidden, its host is not", () => {
  const remove = secretRemover([]);
  expect(remove("postgres://me:pa%20ss@db:5432/x failed")).toBe(
    "postgres://[secret]@db:5432/x failed",
  );
  expect(remove("http://host:80/path and a@b.example")).toBe("http://host:80/path and a@b.example");
});

test("a short word that happens to be a secret hides nothing", () => {
  expect(secretRemover(["", "info"])('{"level":"info"}')).toBe('{"level":"info"}');
});
