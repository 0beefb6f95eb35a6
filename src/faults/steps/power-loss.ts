// Would a power loss at any moment leave whole partitions only? Judged by the order of a run's steps.
import path from "node:path";
import type { TracedStep } from "./plan.js";

/** What appeared under a final name, and what a power loss could have done to it. */
export interface Appearance {
  /** The file or folder, absolute. */
  readonly path: string;
  /** What was not safe on the disk in time; empty when all was. */
  readonly unsafe: readonly string[];
}

/**
 * Checks each name that appeared outside the temporary folder: it came by a rename; every file it holds was flushed after
 * its last write, and its folder after the last entry, before the rename began; afterwards the folder it appeared in was
 * flushed, and so was every folder that holds a newly made folder on the way to it.
 *
 * @param steps - of a whole run, by their beginnings
 * @param isTemporary - whether a path is one that no reader looks at
 */
export function appearances(
  steps: readonly TracedStep[],
  isTemporary: (file: string) => boolean,
): readonly Appearance[] {
  const done = steps.filter(({ error }) => error === undefined);
  return done.flatMap((step, i) => {
    if (step.kind === "open" && !isTemporary(step.path)) {
      return [{ path: step.path, unsafe: ["it was written under its final name"] }];
    }
    const target = step.to;
    if (step.kind !== "rename" || target === undefined || isTemporary(target)) return [];
    const before = traceBack(done.slice(0, i), step.path);
    const unsafe = [...unsafeContent(before, step), ...unsafeName(done, step, target)];
    return [{ path: target, unsafe }];
  });
}

/** Earlier steps under the names that a path had then. */
function traceBack(steps: readonly TracedStep[], source: string): readonly TracedStep[] {
  const found: TracedStep[] = [];
  let name = source;
  for (const step of [...steps].reverse()) {
    if (step.kind === "rename" && step.to !== undefined && isWithin(name, step.to)) {
      found.unshift({ ...step, path: source });
      name = path.join(step.path, path.relative(step.to, name));
    } else if (isWithin(step.path, name)) {
      found.unshift({ ...step, path: path.join(source, path.relative(name, step.path)) });
    }
  }
  return found;
}

function unsafeContent(before: readonly TracedStep[], rename: TracedStep): readonly string[] {
  const changed = new Map<string, { readonly at: number; readonly what: string }>();
  for (const { kind, path: file, ended } of before) {
    if (kind === "write" || kind === "truncate" || kind === "open") {
      changed.set(file, { at: ended, what: `${path.basename(file)} was not flushed` });
    }
    if (kind === "mkdir") changed.set(file, { at: ended, what: "its folder was not flushed" });
    if (kind === "unlink" || kind === "rmdir") changed.delete(file);
    if (["open", "mkdir", "unlink", "rmdir", "rename"].includes(kind) && file !== rename.path) {
      changed.set(path.dirname(file), { at: ended, what: "its folder was not flushed" });
    }
  }
  const isFlushed = (file: string, at: number): boolean =>
    before.some(
      (step) =>
        step.kind === "sync" && step.path === file && step.begun > at && step.ended < rename.begun,
    );
  return [...changed]
    .filter(([file, { at }]) => !isFlushed(file, at))
    .map(([, { what }]) => `${what} before the rename`);
}

function unsafeName(
  steps: readonly TracedStep[],
  rename: TracedStep,
  target: string,
): readonly string[] {
  const isFlushed = (folder: string, at: number): boolean =>
    steps.some((step) => step.kind === "sync" && step.path === folder && step.begun > at);
  const unsafe: string[] = [];
  if (!isFlushed(path.dirname(target), rename.ended)) {
    unsafe.push("the folder it appeared in was not flushed afterwards");
  }
  for (const made of steps) {
    if (made.kind !== "mkdir" || !isWithin(target, made.path) || made.path === target) continue;
    if (isFlushed(path.dirname(made.path), made.ended)) continue;
    unsafe.push(`the folder around ${path.basename(made.path)} was not flushed after it was made`);
  }
  return unsafe;
}

/** Whether a path is another one or lies below it. */
function isWithin(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}${path.sep}`);
}
