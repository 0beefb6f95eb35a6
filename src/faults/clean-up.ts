const waiting = new Set<() => void>();

/**
 * Remembers how to undo something that must not outlive this process: a child, a mount, a folder.
 *
 * @param undo - runs once, and must not wait
 * @returns runs it now
 */
export function cleanUpLater(undo: () => void): () => void {
  const once = (): void => {
    if (waiting.delete(once)) undo();
  };
  waiting.add(once);
  return once;
}

/** Undoes all that is left, the latest first. */
export function cleanUpNow(): void {
  for (const undo of [...waiting].reverse()) undo();
}
