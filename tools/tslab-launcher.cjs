// Starts the unmodified tslab 1.0.22 as a Jupyter kernel that can be trusted: cells that fail say so, none is skipped
// in silence, output arrives, edits in src are live. Each mended defect has a test in kernel.test.ts.
// Usage: node tslab-launcher.cjs CONNECTION_FILE (written into kernel.json by the set-up)
const { createRequire } = require("node:module");
const path = require("node:path");
const util = require("node:util");
const { createBuiltSources } = require("./kernel/built-sources.cjs");
const { adaptCompiler } = require("./kernel/cell-compiler.cjs");
const { createLiveModules } = require("./kernel/live-modules.cjs");
const { installSession } = require("./kernel/session.cjs");
const { sendInTurn } = require("./kernel/transport.cjs");

// Only the kernel's own tests start it for another folder.
const root = process.env.TICKBOOK_KERNEL_ROOT ?? path.resolve(__dirname, "..");
// tslab finds ./src and node_modules from the current folder; notebooks lie one below.
process.chdir(root);

// Node 23 removed a function that tfjs-node calls.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;

const tslabRequire = createRequire(require.resolve("tslab/dist/jupyter.js"));
adaptCompiler(tslabRequire);
const jupyter = tslabRequire("./jupyter.js");
const executor = tslabRequire("./executor.js");
const { startKernel } = tslabRequire("./main.js");

sendInTurn(tslabRequire("zeromq"));
const ts = tslabRequire("@tslab/typescript-for-tslab");
const build = async () => (await import("./build.mjs")).buildStep(root);
const live = createLiveModules(ts, createBuiltSources(ts, root), build);

const createExecutor = executor.createExecutor;
let session;
executor.createExecutor = (folder, converters, console) =>
  createExecutor(folder, converters, {
    log: console.log,
    error: (...parts) => session.report(...parts),
  });

/**
 * Shows one result under several mime types at once; the reader's program takes the richest that it knows.
 *
 * @param place - `{ displayId, isUpdate }` of a result that replaces an earlier one in place, as progress does
 */
globalThis.tickbookDisplay = (data, metadata = {}, { displayId, isUpdate = false } = {}) =>
  jupyter.lastWriteDisplayData(
    { data, metadata, transient: displayId === undefined ? {} : { display_id: displayId } },
    isUpdate,
  );

// Otherwise a kernel that cannot take its ports would wait, mute, for ever.
const init = jupyter.ZmqServer.prototype.init;
jupyter.ZmqServer.prototype.init = function () {
  return init.call(this).catch((error) => {
    process.stderr.write(`The kernel could not start: ${error.stack}\n`);
    process.exit(1);
  });
};

// One that answers has all its ports: the requests' comes last.
const { bindSocket } = jupyter.ZmqServer.prototype;
const others = [];
jupyter.ZmqServer.prototype.bindSocket = async function (socket, port) {
  if (socket !== this.shell) {
    const bound = bindSocket.call(this, socket, port);
    others.push(bound);
    return bound;
  }
  await Promise.resolve();
  await Promise.all(others);
  return bindSocket.call(this, socket, port);
};

startKernel({ configPath: process.argv[2], enableFindLocal: false });
// tslab only prints these; the session makes them fail the cell.
process.removeAllListeners("unhandledRejection");
process.removeAllListeners("uncaughtException");
session = installSession(jupyter, live);

// A kernel whose client died without a word must not stay.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 1000).unref();
