import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Where process ids mean the same: this host, and on it this container, whose ids are its own though it may share the name. */
export function processPlace(): string {
  try {
    return `${hostname()}/${machineId()}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    // Not Linux: there are no such containers.
    return hostname();
  }
}

/** Tells hosts of the same name apart, where the system has given them an id. */
function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim();
  } catch {
    return "";
  }
}
