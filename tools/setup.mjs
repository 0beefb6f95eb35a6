// Sets up everything the workbench needs; what is there already is skipped. Runs on plain Node, no packages.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildStep } from "./build.mjs";
import { installPackages } from "./setup/packages.mjs";
import { prerequisites } from "./setup/prerequisites.mjs";
import {
  installRequirements,
  makeEnvironment,
  registerKernel,
} from "./setup/python-environment.mjs";
import { findLibrary, installAddon } from "./setup/tensorflow-addon.mjs";
import { SetupError, step } from "./setup/terminal.mjs";
import { installTestTools } from "./setup/test-tools.mjs";

/**
 * Runs all steps; those that do not need each other run at the same time.
 *
 * @param options.forTests - also sets up what only the tests need
 */
export async function setup({ forTests = false } = {}) {
  const found = await step("prerequisites", () => {
    const value = prerequisites();
    return { mark: "kept", found: `Node ${value.node}, Python ${value.python.version}`, value };
  });
  const packages = step("packages", () => installPackages(found.npm));
  const environment = step("environment", () => makeEnvironment(found.python));
  const library = environment.then(() => step("tensorflow", () => findLibrary(found.python)));
  // All are let to end, so that nothing is left running or half done when one fails.
  const ends = await Promise.allSettled([
    environment
      .then(() => step("python", () => installRequirements(found.python)))
      .then(() => step("kernel", registerKernel))
      .then(() => forTests && step("test tools", installTestTools)),
    packages.then(() => step("build", buildStep)),
    Promise.all([library, packages]).then(([value]) =>
      step("native addon", () => installAddon(value)),
    ),
  ]);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/**
 * Runs the set-up as a program: one line a step, then how to go on.
 *
 * @param options - as `setup`
 * @returns exit code: 0 done, 1 a step failed, 2 a prerequisite is missing
 */
export async function runSetup(options) {
  try {
    await setup(options);
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return error.exitCode;
  }
}

if (path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const code = await runSetup();
  if (code === 0)
    process.stdout.write("Ready. Check it with `npx tickbook doctor`, run it with `npm start`.\n");
  process.exit(code);
}
