import { expect, test } from "vitest";
import { OptionError } from "./errors.js";
import { environmentName, resolveSettings, settingValues } from "./settings.js";

const nothing = { flags: {}, environment: {}, dotEnv: {}, file: {} };
const find = (sources: Parameters<typeof resolveSettings>[0], name: string): unknown =>
  resolveSettings(sources).find((setting) => setting.name === name);

test("a flag beats the environment, that beats .env, that the settings file, that the default", () => {
  const variable = environmentName("latencyMs");
  expect(variable).toBe("TICKBOOK_LATENCY_MS");
  const file = { latencyMs: 4 };
  const dotEnv = { [variable]: "3" };
  const environment = { [variable]: "2" };
  const flags = { latencyMs: "1" };
  expect(find({ flags, environment, dotEnv, file }, "latencyMs")).toMatchObject({
    value: 1,
    source: "flag",
  });
  expect(find({ ...nothing, environment, dotEnv, file }, "latencyMs")).toMatchObject({
    value: 2,
    source: "environment",
  });
  expect(find({ ...nothing, dotEnv, file }, "latencyMs")).toMatchObject({
    value: 3,
    source: ".env",
  });
  expect(find({ ...nothing, file }, "latencyMs")).toMatchObject({
    value: 4,
    source: "settings file",
  });
  expect(settingValues(resolveSettings(nothing)).latencyMs).toBe(500);
});

test("a value that breaks its rule and an unknown name are refused with name, value and remedy", () => {
  expect(() => resolveSettings({ ...nothing, flags: { horizonBars: "soon" } })).toThrow(
    OptionError,
  );
  expect(() => resolveSettings({ ...nothing, flags: { horizonBars: "0" } })).toThrow(
    /horizonBars: was "0" \(from flag\)/,
  );
  expect(() => resolveSettings({ ...nothing, file: { latencyms: 3 } })).toThrow(
    /tickbook.yaml, latencyms: is not a setting/,
  );
});
