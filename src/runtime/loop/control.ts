// May the run go on? An operator's word, and whether its model is still promoted, looked at before each decision.

import { readFileSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { DataError, GateError } from "../../core/errors.js";
import { jsonOf } from "../../core/json-of.js";
import { writeAtomically } from "../../registry/bundles.js";
import { ledgerFile } from "../../registry/ledger.js";

/** An order to stop. */
export interface Halt {
  /** ISO time of the machine. */
  readonly since: string;
  /** Who, and why, in words. */
  readonly reason: string;
}

/** Characters of a reason: it is part of a record's key. */
export const LONGEST_REASON = 200;

const HALT = z.strictObject({ since: z.string().max(40), reason: z.string().max(LONGEST_REASON) });

/** Where the order lies; every run of the store obeys it. */
export function haltFile(root: string): string {
  return path.join(root, "runtime", "halted.json");
}

/**
 * The order to stop, if there is one.
 *
 * @throws {DataError} what lies there is none; then nobody knows, and nothing may be entered
 */
export function readHalt(root: string): Halt | undefined {
  const file = haltFile(root);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const halt = HALT.safeParse(jsonOf(text));
  if (halt.success) return halt.data;
  throw new DataError({
    file,
    message: "holds no order to stop that can be read, so that nothing may be entered",
    fix: "halt again with `npx tickbook halt`, or lift it with `npx tickbook halt --lift`",
  });
}

/** Orders every run of a store to close all and to stay out, over restarts, until it is lifted. */
export async function writeHalt(root: string, halt: Halt): Promise<void> {
  await mkdir(path.dirname(haltFile(root)), { recursive: true });
  await writeAtomically(haltFile(root), Buffer.from(`${JSON.stringify(halt)}\n`));
}

/** What a run may do, as far as people decide. */
export interface Standing {
  /** Why all is closed and nothing entered; "" where nobody said so. */
  readonly halted: string;
  /** Why nothing is entered any more; "" where the model may run. */
  readonly demoted: string;
}

/** Looks at both, cheaply: files are read again only when they have changed. */
export class Control {
  private readonly root: string;
  private readonly askModel: () => Promise<void>;
  private seen = "";
  private demoted = "";

  /** @param askModel - throws a GateError or a DataError where the model may not run any more */
  constructor(root: string, askModel: () => Promise<void>) {
    this.root = root;
    this.askModel = askModel;
  }

  async look(): Promise<Standing> {
    return { halted: this.halted(), demoted: await this.modelStanding() };
  }

  private halted(): string {
    try {
      const halt = readHalt(this.root);
      return halt === undefined ? "" : `halted since ${halt.since}: ${halt.reason}`;
    } catch (error) {
      // An order that cannot be read is obeyed.
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async modelStanding(): Promise<string> {
    const now = this.stamp();
    if (now === this.seen) return this.demoted;
    try {
      await this.askModel();
      this.demoted = "";
    } catch (error) {
      if (!(error instanceof GateError || error instanceof DataError)) throw error;
      this.demoted = error.message;
    }
    this.seen = now;
    return this.demoted;
  }

  /** Size and time of the ledger, which every promotion and demotion adds to. */
  private stamp(): string {
    const stat = statSync(ledgerFile(this.root), { throwIfNoEntry: false });
    return stat === undefined ? "gone" : `${stat.size} ${stat.mtimeMs} ${stat.ino}`;
  }
}
