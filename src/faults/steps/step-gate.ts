import fs from "node:fs";
import path from "node:path";
import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import { FILLER, PLAN_VARIABLE, type StepKind, type StepPlan, type TracedStep } from "./plan.js";

/** A step that is about to begin. */
export interface Step {
  readonly kind: StepKind;
  readonly path: string;
  readonly to?: string;
  /** What a write would write, and where, so that half of it can be written. */
  readonly write?: {
    readonly fd: number;
    readonly bytes: () => Buffer;
    readonly at: number | null;
  };
}

/** A step that has begun; undefined stands for one outside of the plan's folder. */
export type BegunStep = (Step & { readonly step: number; readonly begun: number }) | undefined;

const STEPS = 0;
const CLOCK = 1;
const NAME = "tickbook-steps";

/** Node's own calls, before they are replaced. */
const { closeSync, openSync, statfsSync, writeSync } = fs;
const plan = JSON.parse(process.env[PLAN_VARIABLE] ?? "{}") as StepPlan;
const counters = sharedCounters();
const trace = openSync(plan.trace, "a");

/** Counts a step; ends the process before it where the plan says so. */
export function begin(step: Step): BegunStep {
  if (!isInside(step.path) && !(step.to !== undefined && isInside(step.to))) return undefined;
  const number = Atomics.add(counters, STEPS, 1) + 1;
  if (number === 1 && plan.leaveBytes !== undefined) fillDisk(plan.folder, plan.leaveBytes);
  const begun = Atomics.add(counters, CLOCK, 1);
  const started = { ...step, step: number, begun };
  if (number === plan.killAt) endProcess(started);
  return started;
}

/** Notes that a step has ended. */
export function end(started: BegunStep, error?: unknown): void {
  if (started === undefined) return;
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  note(started, error === undefined ? {} : { error: code ?? String(error) });
}

function fillDisk(folder: string, leaveBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const zeros = Buffer.alloc(1 << 20);
  const file = openSync(path.join(folder, FILLER), "w");
  for (let left = bavail * bsize - leaveBytes; left > 0; ) {
    left -= writeSync(file, zeros, 0, Math.min(left, zeros.length));
  }
  closeSync(file);
}

function note(started: NonNullable<BegunStep>, more: Partial<TracedStep>): void {
  const { step, begun, kind, to } = started;
  const ended = Atomics.add(counters, CLOCK, 1);
  const line: TracedStep = {
    ...{ step, begun, ended, kind, path: started.path },
    ...(to === undefined ? {} : { to }),
    ...more,
  };
  writeSync(trace, `${JSON.stringify(line)}\n`);
}

function endProcess(started: NonNullable<BegunStep>): never {
  const { write } = started;
  if (plan.isTorn === true && write !== undefined) {
    const bytes = write.bytes();
    writeSync(write.fd, bytes, 0, bytes.length >> 1, write.at);
    note(started, { isTorn: true });
  }
  process.kill(process.pid, "SIGKILL");
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** The main thread makes them, workers are handed them with their environment. */
function sharedCounters(): Int32Array {
  const known = isMainThread ? undefined : getEnvironmentData(NAME);
  const buffer = (known as unknown as SharedArrayBuffer) ?? new SharedArrayBuffer(8);
  setEnvironmentData(NAME, buffer as unknown as string);
  return new Int32Array(buffer);
}

function isInside(file: string): boolean {
  const relative = path.relative(plan.folder, path.resolve(file));
  return relative !== ".." && !relative.startsWith(`..${path.sep}`);
}
