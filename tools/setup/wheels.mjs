// Wheels that are unpacked into the cache instead of installed, each pinned by hash in tools/wheels.txt.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT, textOf, VENV_PYTHON } from "./places.mjs";
import { run } from "./run.mjs";

const WHEELS = path.join(ROOT, "tools", "wheels.txt");
const UNPACK = path.join(ROOT, "tools", "unpack_wheel.py");

/** Version that tools/wheels.txt pins for a package. */
export function pinnedVersion(name) {
  return requirement(name).match(/==(\S+)/)[1];
}

/** Tags of this machine in wheel names, the newest first; none where none of our wheels runs. */
export function wheelPlatforms() {
  const isGlibc = process.report?.getReport().header.glibcVersionRuntime !== undefined;
  switch (`${process.platform} ${process.arch}`) {
    case "linux x64":
      return isGlibc ? ["manylinux_2_27_x86_64", "manylinux_2_17_x86_64"] : [];
    case "linux arm64":
      return isGlibc ? ["manylinux_2_27_aarch64", "manylinux_2_17_aarch64"] : [];
    case "darwin arm64":
      return ["macosx_12_0_arm64"];
    default:
      return [];
  }
}

/**
 * Downloads a pinned wheel with pip and unpacks what is needed of it.
 *
 * @param name - package as tools/wheels.txt names it
 * @param prefixes - beginnings of the names of the files to unpack
 * @param isForPython - true for a wheel that is built for one Python: only C and C++ parts are used, so that version
 *   (3.11) and ours need not be the same
 */
export async function unpackWheel(name, folder, prefixes, { isForPython }) {
  await unpackRequirement(requirement(name), folder, prefixes, { isForPython });
}

/**
 * The same for a package as pip is told of it: `tensorflow==2.19.1`, with the hashes of its files where they are known.
 */
export async function unpackRequirement(text, folder, prefixes, { isForPython }) {
  const wanted = path.join(folder, "wheel.txt");
  writeFileSync(wanted, text);
  const platforms = wheelPlatforms().map((platform) => `--platform=${platform}`);
  const target = isForPython ? ["--python-version=311", ...platforms] : [];
  const name = text.split("==", 1)[0];
  await run(`pip download ${name}`, VENV_PYTHON, [
    ...["-m", "pip", "download", "-q", "--disable-pip-version-check"],
    ...(text.includes("--hash=") ? ["--require-hashes"] : []),
    ...["--no-deps", "--only-binary=:all:", ...target],
    ...["-d", folder, "-r", wanted],
  ]);
  const wheel = path.join(
    folder,
    readdirSync(folder).find((file) => file.endsWith(".whl")),
  );
  await run(`unpacking ${name}`, VENV_PYTHON, [UNPACK, wheel, folder, ...prefixes]);
  rmSync(wheel);
  rmSync(wanted);
}

/** The lines of one package: its pin and the hashes of its files. */
function requirement(name) {
  const blocks = textOf(WHEELS).split(/\n(?=\S)/);
  return `${blocks.find((block) => block.startsWith(`${name}==`)).trim()}\n`;
}
