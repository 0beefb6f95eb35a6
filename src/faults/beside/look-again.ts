import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { partitionFolder } from "../../store/partition.js";
import { openStore, type Store } from "../../store/store.js";
import { type Flaw, judge, type Truth, worse } from "./judge.js";
import { LOOKS, type LookName } from "./looks.js";
import { isMarked, markAgeMs, setMark } from "./marks.js";
import type { LookPlan } from "./plan.js";

/** Within this time of a kill a reader may be told that a partition is out of its place; never that it is not there. */
const GRACE_MS = 15_000;

const AWAY = /was taken out of its place/;

/** What a reader of one try saw. */
export interface LookReport {
  readonly looks: number;
  /** Looks that a replacement fell into. */
  readonly beside: number;
  /** How often a partition was seen in either version. */
  readonly seen: readonly [number, number];
  /** What is missing to what it was to see; empty when nothing is. */
  readonly lacks: string;
  /** After a kill: until every way had shown a version again. */
  readonly waitedMs?: number;
  readonly flaw?: Flaw;
}

/** Looks at partitions until it is stopped, and says when it has seen enough. */
export async function lookAgain(plan: LookPlan): Promise<LookReport> {
  const { root, marks, name, looks, truths: files, keys } = plan;
  const truths = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(file, "utf8"))),
  );
  const folders = keys.map(partitionFolder);
  const counts = new Counts(plan);
  const kept = plan.isKept ? await openStore(root) : undefined;
  for (let i = 0; !isMarked(marks, "stop"); i++) {
    const way = looks[i % looks.length]!;
    const isAfterKill = isMarked(marks, "killed");
    const before = placesNow(root, folders);
    const found = await lookOnce(way, { plan, kept, truths, folders });
    counts.add(way, found, { isBeside: placesNow(root, folders) !== before, isAfterKill });
    if (i === 0) setMark(marks, `ready-${name}`);
    if (counts.isEnough()) setMark(marks, `enough-${name}`);
  }
  await kept?.close();
  return counts.report();
}

/** Counts what the looks of one reader gave. */
class Counts {
  readonly #plan: LookPlan;
  readonly #beside = new Map<LookName, number>();
  readonly #isSeenAfter = new Set<LookName>();
  readonly #seen: [number, number] = [0, 0];
  #looks = 0;
  #waitedMs: number | undefined;
  #flaw: Flaw | undefined;

  constructor(plan: LookPlan) {
    this.#plan = plan;
  }

  add(
    way: LookName,
    found: readonly number[] | Flaw,
    { isBeside, isAfterKill }: { readonly isBeside: boolean; readonly isAfterKill: boolean },
  ): void {
    this.#looks++;
    if (isBeside) this.#beside.set(way, (this.#beside.get(way) ?? 0) + 1);
    const ageMs = markAgeMs(this.#plan.marks, "killed");
    if ("kind" in found) {
      const isAwaited = found.kind === "loud" && AWAY.test(found.what) && ageMs < GRACE_MS;
      if (!isAwaited) this.#flaw = worse(this.#flaw, found);
      return;
    }
    for (const version of found) this.#seen[version]!++;
    if (!isAfterKill) return;
    this.#isSeenAfter.add(way);
    if (this.#lacks() === "") this.#waitedMs ??= ageMs;
  }

  /** What is wrong already needs no further look, but an error does not tell what is seen after a kill. */
  isEnough(): boolean {
    if (this.#lacks() === "") return true;
    if (this.#flaw?.kind !== "loud" || !this.#plan.isKilling) return this.#flaw !== undefined;
    return markAgeMs(this.#plan.marks, "killed") >= GRACE_MS;
  }

  report(): LookReport {
    return {
      ...{ looks: this.#looks, beside: this.#besides(), seen: this.#seen, lacks: this.#lacks() },
      ...(this.#waitedMs === undefined ? {} : { waitedMs: this.#waitedMs }),
      ...(this.#flaw === undefined ? {} : { flaw: this.#flaw }),
    };
  }

  #lacks(): string {
    const { looks, isKilling, least } = this.#plan;
    if (isKilling) {
      const unseen = looks.filter((way) => !this.#isSeenAfter.has(way));
      return unseen.length === 0 ? "" : `no version by ${unseen.join(", ")} after the kill`;
    }
    // The quick ways meet fewer.
    const share = Math.ceil(least / 3);
    const few = looks.filter((way) => (this.#beside.get(way) ?? 0) < share);
    if (few.length > 0) return `${share} looks with a replacement in them by ${few.join(", ")}`;
    const all = least * looks.length;
    if (this.#besides() < all) return `${all} looks with a replacement in them`;
    return this.#seen.includes(0) ? "one of both versions" : "";
  }

  #besides(): number {
    return [...this.#beside.values()].reduce((sum, count) => sum + count, 0);
  }
}

async function lookOnce(
  way: LookName,
  {
    plan: { root, keys },
    kept,
    truths,
    folders,
  }: {
    readonly plan: LookPlan;
    readonly kept: Store | undefined;
    readonly truths: readonly Truth[];
    readonly folders: readonly string[];
  },
): Promise<readonly number[] | Flaw> {
  const store = kept ?? (await openStore(root));
  try {
    return judge(way, await LOOKS[way](store, keys), { truths, folders });
  } catch (error) {
    const [message] = (error as Error).message.split("\n");
    return { kind: "loud", what: `${way} was told: ${message}` };
  } finally {
    if (store !== kept) await store.close();
  }
}

/** Which files lie in the partitions' places: a replacement changes it, whoever makes it. */
function placesNow(root: string, folders: readonly string[]): string {
  const told = folders.map((folder) => {
    const file = path.join(root, ...folder.split("/"), "manifest.json");
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? "away" : `${found.ino} ${found.ctimeMs}`;
  });
  return told.join();
}
