import { execFileSync } from "node:child_process";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { SYMBOLS } from "../runtime/loop/test-run.js";
import { LIVE_DAY, makeLiveStore } from "../runtime/test-live-store.js";
import { END_SIGNALS } from "./end-signals.js";
import { putLiveMirror } from "./test-live-mirror.js";
import { type EndedCommand, runCommandLine } from "./test-output.js";

let root: string;
let store: string;
let mirror: string;

beforeAll(async () => {
  // A place that a shell would take apart.
  root = await mkdtemp(path.join(tmpdir(), "tickbook it's $HOME "));
  [store, mirror] = [path.join(root, "data"), path.join(root, "mirror")];
  await makeLiveStore(store);
  putLiveMirror(mirror, { bars: 20 });
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const signal of END_SIGNALS) process.removeAllListeners(signal);
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** Serves the mirror until what is done meanwhile is over. */
async function served(
  argv: readonly string[],
  work: (said: EndedCommand) => Promise<void>,
): Promise<void> {
  const said = await runCommandLine("serve", mirror, "--socket", "--data", store, ...argv);
  expect(said).toMatchObject({ code: 0, err: "" });
  const ended = new Promise<void>((resolve) => {
    vi.spyOn(process, "exit").mockImplementation((() => resolve()) as never);
  });
  try {
    await work(said);
  } finally {
    process.emit("SIGTERM");
    await ended;
  }
}

/** The words of the command that is to be copied, as a shell reads them. */
function copied(out: string): readonly string[] {
  const line = out.split("\n").find((one) => one.includes("npx tickbook live"))!;
  const command = line.slice(line.indexOf("npx"));
  const shell = `npx() { printf '%s\\0' "$@"; }; ${command}`;
  const words = execFileSync("sh", ["-c", shell], { encoding: "utf8", cwd: "/" }).split("\0");
  expect(words[0]).toBe("tickbook");
  return words.slice(1, -1);
}

const DAY = ["--symbols", SYMBOLS.join(","), "--from", LIVE_DAY, "--speed", "max"];

test("the command that is printed follows what is played as it stands, from any folder", async () => {
  await served(DAY, async ({ out }) => {
    const { code, err, out: json } = await runCommandLine(...copied(out), "--no-page", "--json");
    expect(err).not.toContain("tickbook:");
    expect(code).toBe(0);
    expect(JSON.parse(json)).toMatchObject({ isEnded: true });
    expect(JSON.parse(json).bars).toBeGreaterThan(15);
  });
}, 60_000);

test("of an exchange whose words are not spoken it says that no run can follow", async () => {
  const [own, other] = ["simulated", "bitfinex"].map((name) => path.join(mirror, name));
  await rename(own!, other!);
  try {
    await served(["--exchange", "bitfinex", ...DAY], async ({ out }) => {
      expect(out).toContain("no run can follow it: it speaks as Coinbase does");
      expect(out).not.toContain("npx tickbook live");
    });
  } finally {
    await rename(other!, own!);
  }
});
