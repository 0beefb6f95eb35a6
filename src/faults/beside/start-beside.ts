import path from "node:path";
import { type ChildProgram, startChild } from "../child-program.js";
import type { BesidePlan } from "./plan.js";

const MAIN = path.join(__dirname, "main.js");

/**
 * Starts one of the processes that work on a store at once. What this process loads before its own code they load too.
 *
 * @param environment - beside PATH and HOME
 */
export function startBeside(
  plan: BesidePlan,
  environment: Readonly<Record<string, string>> = {},
): ChildProgram {
  const { NODE_OPTIONS = "" } = process.env;
  const options = `${NODE_OPTIONS} ${environment["NODE_OPTIONS"] ?? ""}`.trim();
  return startChild(process.execPath, [MAIN, JSON.stringify(plan)], {
    cwd: plan.marks,
    environment: {
      TICKBOOK_CACHE: path.join(plan.marks, "cache"),
      ...environment,
      NODE_OPTIONS: options,
    },
  });
}
