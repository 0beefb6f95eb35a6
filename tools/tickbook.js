#!/usr/bin/env node
// Runs the built command line; plain `node` is all it takes.
const { existsSync } = require("node:fs");
const path = require("node:path");
const util = require("node:util");

// Node 23 removed a function that tfjs-node calls, whoever loads it (danfojs does too).
util.isNullOrUndefined ??= (value) => value === null || value === undefined;

// A reader that goes away (`| head`) is no failure: the work goes on, its lines go nowhere.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const main = path.join(__dirname, "..", "dist", "cli", "main.js");
if (!existsSync(main)) {
  process.stderr.write("tickbook: dist/ was not there; build it with `npm run setup`\n");
  process.exit(2);
}
require(main)
  .main(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
  });
