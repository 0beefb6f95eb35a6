// npm start: sets up whatever is missing, then runs the main job; arguments after `--` go to it.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { ROOT } from "./setup/places.mjs";
import { runSetup } from "./setup.mjs";

const code = await runSetup();
if (code !== 0) process.exit(code);

const main = path.join(ROOT, "tools", "tickbook.js");
const { status, signal } = spawnSync(process.execPath, [main, "start", ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: "inherit",
});
if (signal) process.kill(process.pid, signal);
process.exit(status ?? 1);
