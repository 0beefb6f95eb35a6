// Reads that see one version of every partition, whatever other runs replace meanwhile.
import { setTimeout as sleep } from "node:timers/promises";
import { DataError, WorkbenchError } from "../core/errors.js";
import { placeStamp } from "./stamp.js";
import type { Store } from "./store.js";

/** Times a read begins anew; each replacement takes as long as bringing in a file does. */
const TRIES = 40;

/** Grows from try to try, so that whoever replaces comes to an end. */
const PAUSE_MS = 5;

/** The partitions that a read has seen. */
export class SeenPartitions {
  readonly #store: Store;
  readonly #stamps: Map<string, string> = new Map();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Remembers which version of a partition is there, before it is looked at. */
  async add(folder: string): Promise<void> {
    this.#stamps.set(folder, await placeStamp(this.#store.path(folder)));
  }

  /** The first that another has taken the place of since; undefined when all are the same. */
  async replaced(): Promise<string | undefined> {
    for (const [folder, stamp] of this.#stamps) {
      if ((await placeStamp(this.#store.path(folder))) !== stamp) return folder;
    }
    return undefined;
  }
}

/**
 * Reads until nothing of what is read was replaced meanwhile; an error of the data or of DuckDB counts only then.
 *
 * @param read - adds every partition before it looks at it
 * @throws {DataError} a partition was replaced in every try
 * @throws whatever `read` throws
 */
export async function readUnreplaced<Result>(
  store: Store,
  read: (seen: SeenPartitions) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    const seen = new SeenPartitions(store);
    const outcome = await outcomeOf(read(seen));
    const replaced = await replacedBeside(outcome, seen);
    if (replaced === undefined) return givenBy(outcome);
    if (tries === TRIES) throw replacedMeanwhile(replaced);
    await sleep(PAUSE_MS * tries);
  }
}

/**
 * The same for results in batches: the read begins anew as long as no batch was given. One batch is held back, so that this
 * goes for all results of one.
 *
 * @throws {DataError} a partition was replaced in every try, or after a batch was given
 * @throws whatever `read` throws
 */
export async function* streamUnreplaced<Batch>(
  store: Store,
  read: (seen: SeenPartitions) => AsyncGenerator<Batch>,
): AsyncGenerator<Batch> {
  for (let tries = 1; ; tries++) {
    const seen = new SeenPartitions(store);
    const batches = read(seen);
    let isGiven = false;
    try {
      let held = await outcomeOf(batches.next());
      let replaced = await replacedAtEnd(held, seen);
      while (!isEnd(held)) {
        const next = await outcomeOf(batches.next());
        replaced = await replacedAtEnd(next, seen);
        if (replaced !== undefined || "error" in next) {
          held = next;
          break;
        }
        isGiven = true;
        yield held.value.value;
        held = next;
      }
      if (replaced === undefined) return void givenBy(held);
      if (isGiven || tries === TRIES) throw replacedMeanwhile(replaced);
    } finally {
      await batches.return(undefined);
    }
    await sleep(PAUSE_MS * tries);
  }
}

type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };

type Step<Batch> = Outcome<IteratorResult<Batch, unknown>>;

function isEnd<Batch>(
  step: Step<Batch>,
): step is { readonly error: unknown } | { readonly value: IteratorReturnResult<unknown> } {
  return "error" in step || step.value.done === true;
}

async function replacedAtEnd<Batch>(
  step: Step<Batch>,
  seen: SeenPartitions,
): Promise<string | undefined> {
  return isEnd(step) ? replacedBeside(step, seen) : undefined;
}

/** Whether an outcome is to be thrown away; a stop by Ctrl-C and a wrong option are none of a replacement's. */
async function replacedBeside(
  outcome: Outcome<unknown>,
  seen: SeenPartitions,
): Promise<string | undefined> {
  const error = "error" in outcome ? outcome.error : undefined;
  if (error instanceof WorkbenchError && !(error instanceof DataError)) return undefined;
  return seen.replaced();
}

async function outcomeOf<Value>(work: Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}

function givenBy<Value>(outcome: Outcome<Value>): Value {
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

function replacedMeanwhile(folder: string): DataError {
  return new DataError({
    file: folder,
    message: "was replaced or removed by another run while it was read",
    fix: "wait for that run to end, and run the same again",
  });
}
