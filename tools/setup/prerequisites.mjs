// What has to be on the machine already: Node with npm, and Python with a way to make an environment.
import { existsSync } from "node:fs";
import path from "node:path";
import { VENV } from "./places.mjs";
import { ask } from "./run.mjs";
import { SetupError } from "./terminal.mjs";

const MIN_NODE = [20, 19];
const MIN_PYTHON = [3, 10];
const PYTHON_NAMES = [
  "python3",
  "python",
  "python3.14",
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.10",
];

const INSTALL = [
  ["apt-get", { node: "nodejs npm", python: "python3 python3-venv", venv: "python3-venv" }],
  ["dnf", { node: "nodejs npm", python: "python3", venv: "python3-pip" }],
  ["apk", { node: "nodejs npm", python: "python3", venv: "py3-pip" }],
  ["pacman", { node: "nodejs npm", python: "python", venv: "python-pip" }],
  ["zypper", { node: "nodejs npm", python: "python3", venv: "python3-pip" }],
  ["brew", { node: "node", python: "python", venv: "python" }],
];
const VERB = { apk: "add", pacman: "-S" };

/**
 * Looks for Node, npm and Python.
 *
 * @returns `{ node, npm, python }`: npm as `[command, ...args]`; python as `{ command, version, hasEnsurepip }`
 * @throws {SetupError} one is missing or too old; exit code 2 and the command that installs it
 */
export function prerequisites() {
  const node = process.versions.node;
  if (isOlder(node.split(".").map(Number), MIN_NODE)) {
    throw missing(`Node ${MIN_NODE.join(".")} or newer is needed and this one is ${node}`, "node");
  }
  return { node, npm: findNpm(), python: findPython() };
}

function findNpm() {
  const running = process.env.npm_execpath;
  if (running?.endsWith("npm-cli.js") && existsSync(running)) return [process.execPath, running];
  if (ask("npm", ["--version"], { cwd: "/" }) !== undefined) return ["npm"];
  throw missing("npm was not found", "node");
}

function findPython() {
  const wanted = process.env.TICKBOOK_PYTHON;
  let oldest;
  for (const command of wanted ? [wanted] : PYTHON_NAMES) {
    const found = describePython(command);
    if (found === undefined) continue;
    if (!isOlder(found.version.split(".").map(Number), MIN_PYTHON))
      return requireEnvironment(found);
    oldest ??= found.version;
  }
  const seen = oldest === undefined ? "none was found" : `this one is ${oldest}`;
  const place = wanted ? ` (TICKBOOK_PYTHON is ${wanted})` : "";
  throw missing(`Python ${MIN_PYTHON.join(".")} or newer is needed and ${seen}${place}`, "python");
}

/** What a Python says of itself; not the one in the clone's own environment, which may be activated and is made from it. */
function describePython(command) {
  const question = `
import importlib.util as i, json, platform, sys
has = lambda name: i.find_spec(name) is not None
print(json.dumps({"version": platform.python_version(), "executable": sys.executable,
  "hasVenv": has("venv"), "hasEnsurepip": has("ensurepip"), "hasPip": has("pip"), "hasVirtualenv": has("virtualenv")}))`;
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const outside = folders.filter((folder) => !isInside(folder)).join(path.delimiter);
  const answer = ask(command, ["-c", question], { env: { ...process.env, PATH: outside } });
  if (answer === undefined) return undefined;
  const found = { command, ...JSON.parse(answer) };
  return isInside(found.executable) ? undefined : found;
}

function isInside(place) {
  return path.resolve(place).startsWith(`${VENV}${path.sep}`);
}

function requireEnvironment(python) {
  const { hasVenv, hasEnsurepip, hasPip, hasVirtualenv } = python;
  if ((hasVenv && (hasEnsurepip || hasPip)) || hasVirtualenv) return python;
  throw missing(
    `Python ${python.version} has neither venv with ensurepip nor pip nor virtualenv`,
    "venv",
  );
}

function isOlder(version, least) {
  for (let i = 0; i < least.length; i++) {
    if (version[i] !== least[i]) return version[i] < least[i];
  }
  return false;
}

function missing(what, kind) {
  return new SetupError(`${what}; install it with \`${installCommand(kind)}\``, { exitCode: 2 });
}

function installCommand(kind) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const [manager, packages] =
    INSTALL.find(([name]) => folders.some((folder) => existsSync(path.join(folder, name)))) ??
    INSTALL[0];
  const needsRoot = manager !== "brew" && process.getuid?.() !== 0;
  return `${needsRoot ? "sudo " : ""}${manager} ${VERB[manager] ?? "install"} ${packages[kind]}`;
}
