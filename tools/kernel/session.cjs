// Runs cells one after the other and says truly how each ended.
const { failureContent } = require("./failure.cjs");
const { createOutput, streamWriter } = require("./output.cjs");
const { allSent } = require("./transport.cjs");

/** Time given to promises that a cell left rejected to make themselves known. */
const SETTLE_MS = 10;
/** Time given to requests that lie in the socket when a cell fails; they belong to the same run of the notebook. */
const COLLECT_MS = 30;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Takes over how tslab's server runs requests.
 *
 * @param jupyter - tslab's module of that name
 * @param live - the live modules of the project
 */
function installSession(jupyter, live) {
  const { ZmqServer, JupyterHandlerImpl } = jupyter;
  /** Error reports of the running cell. */
  let failures = [];
  /** Errors that nobody caught; they may come from a cell that has ended. */
  const strays = [];
  let tail = Promise.resolve();
  let received = 0;
  let abortedUpTo = 0;

  process.on("unhandledRejection", (reason) => strays.push(asError(reason)));
  process.on("uncaughtException", (error) => strays.push(asError(error)));

  async function handleExecute(socket, message) {
    const number = ++received;
    const turn = tail.then(() => takeTurn(this, message, number));
    tail = turn.catch(() => {});
    reply(this, socket, message, "execute_reply", await turn);
  }

  async function takeTurn(server, message, number) {
    if (number <= abortedUpTo) return { status: "aborted" };
    const content = await runCell(server, message);
    if (content.status === "error" && message.content.stop_on_error !== false) {
      await sleep(COLLECT_MS);
      abortedUpTo = received;
    }
    return content;
  }

  async function runCell(server, message) {
    const { handler } = server;
    const { code, silent = false } = message.content;
    const send = (type, content) => reply(server, server.iopub, message, type, content);
    if (!silent) handler.execCount += 1;
    const execution_count = handler.execCount;
    if (!silent) send("execute_input", { code, execution_count });
    const output = createOutput(send);
    process.stdout.write = streamWriter("stdout", output);
    process.stderr.write = streamWriter("stderr", output);
    jupyter.lastWriteDisplayData = output.display;

    failures = strays.splice(0).map((error) => [leftBehind(error)]);
    const isOk = failures.length === 0 && (await execute(handler.executor, code, output));
    output.flush();
    if (isOk) return { status: "ok", execution_count, payload: [], user_expressions: {} };
    const error = failureContent(failures);
    send("error", error);
    return { status: "error", execution_count, ...error };
  }

  async function execute(executor, code, output) {
    try {
      const { isOk, edited } = await live.refresh(executor.execute, executor.locals, failures);
      if (!isOk) return false;
      if (edited.length > 0) {
        const words = `loaded again after an edit: ${edited.join(", ")}; what was computed before is older\n`;
        output.write("stderr", words);
      }
      const hasRun = await executor.execute(code);
      await sleep(SETTLE_MS);
      failures.push(...strays.splice(0).map((error) => [error]));
      if (!hasRun || failures.length > 0) return false;
      live.remember(code, executor.locals);
      return true;
    } catch (error) {
      failures.push([error]);
      return false;
    }
  }

  function reply(server, socket, message, type, content) {
    const answer = message.createReply();
    answer.header.msg_type = type;
    answer.content = content;
    answer.signAndSend(server.connInfo.key, socket);
  }

  ZmqServer.prototype.handleExecute = handleExecute;

  // tslab answers with the wrong message type here, and its own shutdown may be kept up by an open database.
  ZmqServer.prototype.handleCommInfoRequest = function (socket, message) {
    reply(this, socket, message, "comm_info_reply", { status: "ok", comms: {} });
  };
  ZmqServer.prototype.handleShutdown = function (socket, message) {
    const content = { status: "ok", restart: message.content.restart === true };
    reply(this, socket, message, "shutdown_reply", content);
    setTimeout(() => allSent().then(() => process.exit(0)), SETTLE_MS);
  };
  const handleKernel = JupyterHandlerImpl.prototype.handleKernel;
  JupyterHandlerImpl.prototype.handleKernel = function () {
    return { status: "ok", ...handleKernel.call(this) };
  };

  return { report: (...parts) => failures.push(parts) };
}

function asError(reason) {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function leftBehind(error) {
  const wrapped = new Error(`an earlier cell left an error behind: ${error.message}`);
  wrapped.cause = error;
  return wrapped;
}

module.exports = { installSession };
