// Runs another program without a shell and keeps what it said for the case that it fails.
import { spawn, spawnSync } from "node:child_process";
import { SetupError } from "./terminal.mjs";

/**
 * Runs a program to its end; environment (proxies, package indexes, certificates) is passed through.
 *
 * @param what - names the program's task in the error: "npm ci"
 * @returns its standard output
 * @throws {SetupError} it could not be started or its exit code was not 0; `details` holds its last lines
 */
export function run(what, command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    const output = [];
    const everything = [];
    child.stdout.on("data", (chunk) => {
      output.push(chunk);
      everything.push(chunk);
    });
    child.stderr.on("data", (chunk) => everything.push(chunk));
    child.on("error", (error) => reject(new SetupError(`${what} did not start: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(Buffer.concat(output).toString());
      else {
        const details = Buffer.concat(everything).toString();
        reject(new SetupError(`${what} failed (${signal ?? `exit code ${code}`})`, { details }));
      }
    });
  });
}

/** Standard output of a quick program, or undefined when it is not there or fails. */
export function ask(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 30_000,
    ...options,
  });
  return status === 0 ? stdout.trim() : undefined;
}
