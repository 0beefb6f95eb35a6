#!/usr/bin/env node
// Runs the built command line; plain `node` is all it takes.
const { existsSync } = require("node:fs");
const path = require("node:path");
const util = require("node:util");

// Node 23 removed a function that tfjs-node calls, whoever loads it (danfojs does too).
util.isNullOrUndefined ??= (value) => value === null || value === undefined;

// A reader that goes away (`| head`) is no failure: the work goes on, its lines go nowhere. A full disk is one.
let isOutputLost = false;
process.stdout.on("error", ({ code }) => {
  if (code === "EPIPE" || isOutputLost) return;
  isOutputLost = true;
  process.exitCode ||= 1;
  const fix = "make room or print elsewhere, and run the same command again";
  process.stderr.write(`tickbook: standard output could not be written (${code}); ${fix}\n`);
});
// Of what goes wrong here nobody can be told.
process.stderr.on("error", () => undefined);

const main = path.join(__dirname, "..", "dist", "cli", "main.js");
if (!existsSync(main)) {
  process.stderr.write("tickbook: dist/ was not there; build it with `npm run setup`\n");
  process.exit(2);
}
require(main)
  .main(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code || (isOutputLost ? 1 : 0);
  });
