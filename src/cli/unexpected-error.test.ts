import { afterEach, expect, test, vi } from "vitest";
import type { AddCommand } from "./command.js";
import { main } from "./main.js";

const KEY = "TD.canary-0a1b2c3d";

// A command that breaks in the way that a library breaks: with its request in the error.
const breaking: AddCommand = (program) => {
  program.command("trials").action(async () => {
    const request = { headers: { authorization: `Bearer ${KEY}` } };
    throw Object.assign(new Error(`connect failed\n  for ${KEY}.`), { request });
  });
};
vi.mock("./trials.js", () => ({ trialsCommand: breaking }));

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function run(debug: string): Promise<{ code: number; err: string }> {
  vi.stubEnv("TICKBOOK_DEBUG", debug);
  vi.stubEnv("TARDIS_API_KEY", KEY);
  let err = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += String(text);
    return true;
  });
  const code = await main(["trials"]);
  return { code, err };
}

test("an error that nobody expected is one sentence with a hint, without its stack and without keys", async () => {
  const { code, err } = await run("");
  expect(code).toBe(1);
  expect(err).toBe(
    "tickbook: something went wrong that should not (connect failed for (key)); " +
      "run it again with TICKBOOK_DEBUG=1 to see where, and report that\n",
  );
});

test.each(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])(
  "what is in %s is not shown either",
  async (name) => {
    vi.stubEnv(name, "connect failed");
    expect((await run("")).err).toMatch(/\(\(key\) for \(key\)\)/);
  },
);

test("with TICKBOOK_DEBUG its stack is shown, still without keys", async () => {
  const { code, err } = await run("1");
  expect(code).toBe(1);
  expect(err).toMatch(/^tickbook: Error: connect failed\n {2}for \(key\)\.\n {4}at /);
  expect(err).not.toContain("canary");
});
