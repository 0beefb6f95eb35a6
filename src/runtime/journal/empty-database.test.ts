import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeEmptyDatabase } from "./empty-database.js";

/** A real one takes seconds; that its copies are databases is shown by every journal that is embedded. */
vi.mock("@electric-sql/pglite", () => ({
  PGlite: {
    create: vi.fn(async (folder: string) => {
      mkdirSync(path.join(folder, "base", "1"), { recursive: true });
      mkdirSync(path.join(folder, "pg_notify"));
      writeFileSync(path.join(folder, "PG_VERSION"), "18\n");
      writeFileSync(path.join(folder, "base", "1", "1213"), Buffer.alloc(8192, made++));
      return { close: async () => {} };
    }),
  },
}));

let made = 0;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-empty-"));
  vi.stubEnv("TICKBOOK_CACHE", path.join(folder, "cache"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.mocked(PGlite.create).mockClear();
  rmSync(folder, { recursive: true, force: true });
});

/** Content of every file, and the folders. */
function contentOf(place: string): readonly (readonly [string, string])[] {
  const found = readdirSync(place, { recursive: true, withFileTypes: true });
  const entries = found.map((entry): [string, string] => {
    const file = path.join(entry.parentPath, entry.name);
    return [path.relative(place, file), entry.isFile() ? readFileSync(file, "hex") : "folder"];
  });
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Where the files of the one in the cache lie. */
function kept(): string {
  const [name] = readdirSync(path.join(folder, "cache"));
  return path.join(folder, "cache", name!, "files");
}

test("the first database is made, and those after it are whole copies", async () => {
  const [first, second] = [path.join(folder, "first"), path.join(folder, "second")];
  await writeEmptyDatabase(first);
  await writeEmptyDatabase(second);
  expect(PGlite.create).toHaveBeenCalledTimes(1);
  expect(contentOf(second)).toEqual(contentOf(first));
  expect(readdirSync(second).sort()).toEqual(["PG_VERSION", "base", "pg_notify"]);
});

test("of a kept one that has lost a file nothing is used, and it is made anew", async () => {
  await writeEmptyDatabase(path.join(folder, "first"));
  rmSync(path.join(kept(), "base", "1", "1213"));
  for (const name of ["second", "third", "fourth"]) {
    await writeEmptyDatabase(path.join(folder, name));
    expect(existsSync(path.join(folder, name, "base", "1", "1213"))).toBe(true);
  }
  // One for the second, and one to keep.
  expect(PGlite.create).toHaveBeenCalledTimes(3);
});

test("where there can be no cache a database is made each time", async () => {
  writeFileSync(path.join(folder, "cache"), "a file");
  for (const name of ["first", "second"]) await writeEmptyDatabase(path.join(folder, name));
  expect(PGlite.create).toHaveBeenCalledTimes(2);
  expect(contentOf(path.join(folder, "first")).length).toBe(5);
});
