import { totalmem } from "node:os";

/** Memory that this process may use, bytes: that of the machine, or of what the process is confined to. */
export function memoryBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}
