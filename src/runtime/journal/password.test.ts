import { inspect } from "node:util";
import { expect, test } from "vitest";
import { startPostgres } from "../../faults/runtime/postgres-server.js";
import { databaseUrl } from "./database-url.js";
import { Journal } from "./journal.js";
import { openReader } from "./open-reader.js";
import { testServer } from "./test-server.js";

const own = testServer(startPostgres);
const { data } = own;

const SECRET = "h/u:n@t er2%";
const encoded = encodeURIComponent(SECRET);

const WRONG: Readonly<Record<string, () => string>> = {
  "a wrong password": () => own.server.url.replace(own.server.password, encoded),
  "a password that is in the server's answer": () =>
    own.server.url.replace(/\/\/.*@/, `//${encoded}:${encoded}@`),
  "a database that is not there": () => `${own.server.url}/${own.server.password}`,
  "another scheme": () => `mysql://u:${encoded}@localhost/db`,
  "no address at all": () => `postgresql://u:${SECRET}@localhost:port/db`,
  "a part of an address": () => SECRET,
};

test.each(Object.entries(WRONG))("%s is refused without the password", async (_, urlOf) => {
  for (const open of [Journal.open, openReader]) {
    const error: unknown = await open({ data, databaseUrl: urlOf(), run: "r" }).then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toMatchObject({ name: "OptionError", place: { column: "DATABASE_URL" } });
    const told = `${inspect(error, { depth: 9, showHidden: true })} ${(error as Error).stack}`;
    for (const secret of [SECRET, encoded, own.server.password]) expect(told).not.toContain(secret);
  }
});

test("an outage is told without the password", async () => {
  const states: unknown[] = [];
  const journal = await Journal.open({
    data,
    databaseUrl: own.server.url,
    run: "away",
    onState: (state) => states.push(state),
  });
  await own.server.kill();
  while (journal.state.name === "up") await new Promise((resolve) => setTimeout(resolve, 10));
  const failed = await journal.ask(async () => {}).catch((error) => error);
  await journal.close();
  const told = inspect([states, failed, journal], { depth: 20, showHidden: false });
  expect(states).toHaveLength(2);
  expect(inspect([states, failed])).not.toContain(own.server.password);
  expect(told).not.toContain(own.server.password);
});

test("the address is the environment's, else that of .env, and an empty one is none", () => {
  const dotEnv = { DATABASE_URL: "postgresql://b" };
  expect(databaseUrl({ DATABASE_URL: "postgresql://a" }, dotEnv)).toBe("postgresql://a");
  expect(databaseUrl({ DATABASE_URL: "" }, dotEnv)).toBe("postgresql://b");
  expect(databaseUrl({}, {})).toBeUndefined();
});
