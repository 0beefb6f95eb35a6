// What a cell prints and shows, as messages of its own request.

const MAX_BUFFERED = 65_536;
const FLUSH_AFTER_MS = 40;

/**
 * Output of one request. Writes are gathered for some milliseconds, so that a loop that prints makes few messages.
 *
 * @param send - sends one message `(type, content)` to everyone who listens
 */
function createOutput(send) {
  let text = "";
  let stream = "stdout";
  let timer;

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (text === "") return;
    send("stream", { name: stream, text });
    text = "";
  }

  function write(name, chunk) {
    if (name !== stream || text.length > MAX_BUFFERED) flush();
    stream = name;
    text += chunk;
    timer ??= setTimeout(flush, FLUSH_AFTER_MS);
  }

  function display(content, isUpdate) {
    flush();
    send(isUpdate ? "update_display_data" : "display_data", content);
  }

  return { write, display, flush };
}

/** A `write` for `process.stdout` and `process.stderr` that hands text to the cell's output. */
function streamWriter(name, output) {
  const decoder = new TextDecoder();
  return (chunk, encoding, done) => {
    output.write(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    const callback = typeof encoding === "function" ? encoding : done;
    if (callback) queueMicrotask(callback);
    return true;
  };
}

module.exports = { createOutput, streamWriter };
