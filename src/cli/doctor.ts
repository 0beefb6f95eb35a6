// What is installed here, which device trains, what is missing and how to get it?
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import pc from "picocolors";
import { PROJECT_ROOT } from "../core/settings-file.js";
import type { VendorOptions } from "../ingest/key-access.js";
import { deviceText } from "../models/device-text.js";
import { nvidiaGpus } from "../models/nvidia-gpus.js";
import { loadTensorflow } from "../models/tensorflow.js";
import { launchBrowser } from "../reporting/browser.js";
import { type AddCommand, action } from "./command.js";
import { deviceOption } from "./device-option.js";
import type { Finding } from "./finding.js";
import { loadSettings } from "./settings.js";
import { checkVendor, keyFindings, type VendorReach } from "./vendor-check.js";

const SETUP = "run `npm run setup`";

/** What `tickbook doctor --json` prints, but for the settings. */
export interface Diagnosis {
  readonly node: string;
  readonly tensorflow: {
    readonly backend: "native" | "javascript";
    readonly version: string;
    readonly gpu: boolean;
    /** What computes, by name. */
    readonly device: string;
    readonly reason?: string;
  };
  readonly kernel: string | null;
  readonly duckdb: string | null;
  readonly python: string | null;
  readonly browser: string | null;
  /** True when `TARDIS_API_KEY` is set; the key itself is never shown. */
  readonly hasTardisKey: boolean;
  /** What the vendor says; only where it was asked. */
  readonly tardis?: VendorReach;
  /** True when nothing that is needed is missing. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Tries everything the workbench stands on: loads TensorFlow, runs a query, asks Python, starts a browser.
 *
 * @param root - folder of the clone
 * @param environment - where keys are looked for
 * @param options.asksVendor - also ask the vendor, over the network, what the key opens
 * @param options.vendor - how to reach the vendor, where it is another way
 */
export async function diagnose(
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
  {
    asksVendor = false,
    vendor = {},
  }: { readonly asksVendor?: boolean; readonly vendor?: VendorOptions } = {},
): Promise<Diagnosis> {
  const { backend, version, gpu, device, reason } = await loadTensorflow();
  const kernel = findKernel(root);
  const [python, duckdb, browser] = await Promise.all([
    findPython(root),
    findDuckdb(),
    findBrowser(),
  ]);
  const tensorflow = { backend, version, gpu, device, ...(reason === undefined ? {} : { reason }) };
  const key = environment["TARDIS_API_KEY"] ?? "";
  const hasTardisKey = key !== "";
  const asked = asksVendor ? await checkVendor(key, vendor) : undefined;
  const findings = [
    { name: "node", value: process.versions.node, isNeeded: true },
    tensorflowFinding(tensorflow),
    kernel,
    duckdb,
    python,
    browser,
    ...keyFindings(environment),
    ...(asked?.findings ?? []),
  ];
  return {
    node: process.versions.node,
    tensorflow,
    kernel: kernel.value,
    duckdb: duckdb.value,
    python: python.value,
    browser: browser.value,
    hasTardisKey,
    ...(asked === undefined ? {} : { tardis: asked.reach }),
    ok: findings.every(({ value, isNeeded }) => value !== null || !isNeeded),
    findings,
  };
}

/** `tickbook doctor`. */
export const doctorCommand: AddCommand = (program) => {
  program
    .command("doctor")
    .description("what is installed, which device trains, what is missing and how to get it")
    .addOption(deviceOption())
    .option("--tardis", "also ask the vendor what the key opens")
    .action(
      action<{ readonly tardis?: boolean }>(async (_args, options, { say }) => {
        const asksVendor = options.tardis === true;
        const diagnosis = await diagnose(PROJECT_ROOT, process.env, { asksVendor });
        const settings = loadSettings({ ...options });
        for (const finding of diagnosis.findings) say(line(finding));
        say("settings");
        for (const { name, value, source, about } of settings) {
          say(`  ${name.padEnd(18)} ${String(value).padEnd(12)} ${pc.dim(`${source}; ${about}`)}`);
        }
        say(diagnosis.ok ? "Everything that is needed is here." : "Something needed is missing.");
        return { json: { ...diagnosis, settings }, exitCode: diagnosis.ok ? 0 : 1 };
      }),
    );
};

/** A GPU that nobody hid and that does not compute is worth a word. */
function tensorflowFinding(tensorflow: Diagnosis["tensorflow"]): Finding {
  const finding = { name: "tensorflow", value: deviceText(tensorflow), isNeeded: true };
  if (tensorflow.backend !== "native") return { ...finding, remark: SETUP };
  const isHidden = ["", "-1"].includes(process.env["CUDA_VISIBLE_DEVICES"] ?? "0");
  const idle = tensorflow.gpu || isHidden ? undefined : nvidiaGpus()[0];
  if (idle === undefined) return finding;
  return { ...finding, remark: `${idle.name} is there and TensorFlow does not see it; ${SETUP}` };
}

/** The kernel is registered when its description names a Node and a launcher that are there. */
function findKernel(root: string): Finding {
  const name = "kernel";
  const file = path.join(root, ".venv", "share", "jupyter", "kernels", "tslab", "kernel.json");
  const pack = path.join(root, "node_modules", "tslab", "package.json");
  const missing = { name, value: null, isNeeded: true };
  if (!existsSync(file) || !existsSync(pack)) {
    return { ...missing, remark: `the tslab kernel is not registered in .venv; ${SETUP}` };
  }
  const { argv } = JSON.parse(readFileSync(file, "utf8")) as { readonly argv: readonly string[] };
  const gone = argv.slice(0, 2).find((part) => !existsSync(part));
  if (gone !== undefined)
    return { ...missing, remark: `it starts ${gone}, which is gone; ${SETUP}` };
  const { version } = JSON.parse(readFileSync(pack, "utf8")) as { readonly version: string };
  return { name, value: `tslab ${version}`, isNeeded: true };
}

async function findPython(root: string): Promise<Finding> {
  const name = "python";
  const python = path.join(root, ".venv", "bin", "python");
  const question = "import platform, jupyter_client, nbclient; print(platform.python_version())";
  try {
    const { stdout } = await promisify(execFile)(python, ["-c", question]);
    return { name, value: stdout.trim(), isNeeded: true };
  } catch {
    const remark = `.venv has no working Python with nbclient; ${SETUP}`;
    return { name, value: null, isNeeded: true, remark };
  }
}

async function findDuckdb(): Promise<Finding> {
  const name = "duckdb";
  try {
    const { DuckDBInstance, version } = await import("@duckdb/node-api");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run("select 1");
    connection.closeSync();
    return { name, value: version(), isNeeded: true };
  } catch (error) {
    const remark = `it did not answer (${(error as Error).message.split("\n", 1)[0]}); ${SETUP}`;
    return { name, value: null, isNeeded: true, remark };
  }
}

async function findBrowser(): Promise<Finding> {
  const name = "browser";
  try {
    const browser = await launchBrowser();
    const version = browser.version();
    await browser.close();
    return { name, value: `Chromium ${version}`, isNeeded: true };
  } catch (error) {
    return { name, value: null, isNeeded: true, remark: (error as Error).message };
  }
}

function line({ name, value, isNeeded, remark }: Finding): string {
  const isMissing = value === null && isNeeded;
  const mark = isMissing ? pc.red("✗") : remark === undefined ? pc.green("✓") : pc.yellow("!");
  const words = [value, remark].filter((part) => typeof part === "string").join("; ");
  return `${mark} ${name.padEnd(16)} ${words}`;
}
