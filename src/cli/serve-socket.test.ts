import { execFileSync } from "node:child_process";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { openReader } from "../runtime/journal/open-reader.js";
import { allRecords } from "../runtime/journal/read-run.js";
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

/** Records of a run, of some kinds. */
async function recordsOf(run: string): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const reader = await openReader({ data: store });
  try {
    const found: Record<string, readonly unknown[]> = {};
    for (const kind of ["decision", "order", "session", "equity"] as const) {
      found[kind] = await allRecords(reader, run, kind);
    }
    return found;
  } finally {
    await reader.close();
  }
}

test("a run does not go through a recording once more, and says how far it has come", async () => {
  const follow = async ({ out }: EndedCommand): Promise<EndedCommand> =>
    runCommandLine(...copied(out), "--no-page", "--name", "twice", "--mode", "paper");
  await served(DAY, async (said) => {
    expect(await follow(said)).toMatchObject({ code: 0 });
  });
  const before = await recordsOf("twice");
  expect(before["decision"]!.length).toBeGreaterThan(30);
  // Also where this machine has forgotten it, and the journal's database has not.
  for (const isForgotten of [false, true]) {
    if (isForgotten) await rm(path.join(store, "runtime", "twice"), { recursive: true });
    await served(DAY, async (said) => {
      const { code, err, out } = await follow(said);
      expect(code).toBe(2);
      expect(out + err).toBe(
        `tickbook: --name: was "twice", a run that has come to ${LIVE_DAY} 00:00:20, and the stream plays ${LIVE_DAY} 00:00:00; give another name to begin a run, or follow a stream that goes on from there\n`,
      );
    });
    expect(await recordsOf("twice")).toEqual(before);
  }
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
