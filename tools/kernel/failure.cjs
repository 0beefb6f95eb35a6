// What went wrong in a cell, as Jupyter wants to hear it.
const util = require("node:util");

/** tslab prints a compiler's message with this format. */
const DIAGNOSTIC_FORMAT = "%s%d:%d - %s";

/** Frames that are the kernel's own. */
const OWN_FRAMES = /tslab[\\/]dist[\\/]|tools[\\/]kernel[\\/]|tslab-launcher|node:(vm|internal)/;

/**
 * Error content of a failed cell.
 *
 * @param reports - arguments of each call by which tslab would have printed an error
 * @returns `{ ename, evalue, traceback }`
 */
function failureContent(reports) {
  const thrown = reports.flat().find((part) => part instanceof Error);
  if (thrown !== undefined) {
    return { ename: thrown.name, evalue: thrown.message, traceback: stackLines(thrown) };
  }
  const text = reports.map((report) => util.format(...report)).join("\n") || "the cell failed";
  const lines = text.split("\n");
  const isDiagnostic = reports.some(([format]) => format === DIAGNOSTIC_FORMAT);
  return { ename: isDiagnostic ? "TypeScriptError" : "Error", evalue: lines[0], traceback: lines };
}

function stackLines(error) {
  const stack = String(error.stack ?? error).replaceAll("evalmachine.<anonymous>", "compiled cell");
  const all = stack.split("\n");
  // Node puts the compiled line above the error's name; the cell itself is what people see.
  const first = Math.max(
    0,
    all.findIndex((line) => line.startsWith(error.name)),
  );
  const lines = all.slice(first).filter((line) => !OWN_FRAMES.test(line));
  return error.cause instanceof Error
    ? [
        ...lines,
        ...stackLines(error.cause).map((line, i) => (i === 0 ? `caused by ${line}` : line)),
      ]
    : lines;
}

/** Place of a compiler's message: `{ file, line }`, file "" for the cell itself; undefined for other reports. */
function diagnosticPlace([format, file, line]) {
  return format === DIAGNOSTIC_FORMAT ? { file: file.trim(), line } : undefined;
}

module.exports = { failureContent, diagnosticPlace };
