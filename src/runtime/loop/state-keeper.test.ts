import { mkdtempSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  type DeskState,
  type HeldState,
  heldFile,
  readState,
  type SessionState,
  sessionState,
  stateFile,
} from "./session-state.js";
import { StateKeeper } from "./state-keeper.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-keeper-"));
afterAll(async () => await rm(root, { recursive: true }));

const desk = (decidedUs: number): (() => DeskState) => {
  return () => ({ decidedUs }) as DeskState;
};
const saved = (barEndUs: number): (() => SessionState) => {
  return () => sessionState({ barEndUs } as SessionState);
};

/** A keeper with what it told its journal and its operator. */
function keeperOf(run: string, { canRewind }: { readonly canRewind: boolean }) {
  const checkpoints: number[] = [];
  const unwritten: string[] = [];
  const mark = { walId: "wal", batch: 1 };
  const journal = { mark, checkpoint: (barEndUs: number) => void checkpoints.push(barEndUs) };
  const onUnwritten = (reason: string): void => void unwritten.push(reason);
  const settings = "hash";
  const keeper = new StateKeeper({ root, run, settings, canRewind, journal, onUnwritten });
  return { keeper, mark, checkpoints, unwritten };
}

test("what a stream's run holds is on the disk after each order and bar, and only then is the journal let go", async () => {
  const { keeper, mark, checkpoints } = keeperOf("stream", { canRewind: false });
  const file = heldFile(root, "stream");
  await keeper.orders(desk(5));
  expect(await readState<HeldState>(file)).toMatchObject({
    ...{ settings: "hash", mark: { walId: "wal", batch: 1 } },
    desk: { decidedUs: 5 },
  });
  const { ino } = await stat(file);
  expect(await keeper.bar(5, saved(5), desk(5))).toBe(true);
  expect((await stat(file)).ino).toBe(ino);
  mark.batch = 2;
  expect(await keeper.bar(6, saved(6), desk(6))).toBe(false);
  expect(await readState<HeldState>(file)).toMatchObject({ mark, desk: { decidedUs: 6 } });
  expect(checkpoints).toEqual([Number.NEGATIVE_INFINITY, 6]);
  expect((await readState(stateFile(root, "stream")))?.barEndUs).toBe(5);
  await keeper.end();
  expect((await readState(stateFile(root, "stream")))?.barEndUs).toBe(6);
});

test("of a replay the state alone is kept, and the journal until it is", async () => {
  const { keeper, checkpoints } = keeperOf("replay", { canRewind: true });
  await keeper.orders(desk(1));
  await keeper.bar(1, saved(1), desk(1));
  await keeper.bar(2, saved(2), desk(2));
  expect(checkpoints).toEqual([1]);
  await keeper.end();
  expect(checkpoints).toEqual([1, 2]);
  expect(await readState<HeldState>(heldFile(root, "replay"))).toBeUndefined();
});

test("where the disk does not take it, that is told and the journal keeps all, until it does", async () => {
  const { keeper, checkpoints, unwritten } = keeperOf("full", { canRewind: false });
  const file = heldFile(root, "full");
  await mkdir(path.join(file, "in-the-way"), { recursive: true });
  await keeper.orders(desk(1));
  expect(unwritten.length).toBe(1);
  expect(checkpoints).toEqual([]);
  await rm(file, { recursive: true });
  await keeper.orders(desk(1));
  expect(checkpoints.length).toBe(1);
});

test("a run that came to no bar leaves no state", async () => {
  const { keeper } = keeperOf("none", { canRewind: true });
  await keeper.end();
  expect(await readState(stateFile(root, "none"))).toBeUndefined();
});
