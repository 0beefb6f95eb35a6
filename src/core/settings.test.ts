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
  const value = { maxRejectedShare: "2" };
  const variable = { TICKBOOK_MAX_REJECTED_SHARE: "2" };
  for (const [sources, place] of [
    [{ flags: value }, "--max-rejected-share"],
    [{ environment: variable }, "TICKBOOK_MAX_REJECTED_SHARE"],
    [{ dotEnv: variable }, ".env, TICKBOOK_MAX_REJECTED_SHARE"],
    [{ file: value }, "tickbook.yaml, maxRejectedShare"],
  ] as const) {
    expect(() => resolveSettings({ ...nothing, ...sources })).toThrow(
      `${place}: was "2", expected a number from 0 to 1; it is the share of bad rows above which a file fails, 0.001 when left out`,
    );
  }
  // Options are named as they are typed.
  const [horizonBars, latencyMs] = ["0", "x"];
  expect(() => resolveSettings({ ...nothing, flags: { horizonBars } })).toThrow(
    '--horizon: was "0"',
  );
  expect(() => resolveSettings({ ...nothing, flags: { latencyMs } })).toThrow('--latency: was "x"');
  expect(() => resolveSettings({ ...nothing, file: { latencyms: 3 } })).toThrow(
    /tickbook.yaml, latencyms: is not a setting/,
  );
});

test.each([
  ["latencyMs", ["", " ", "fast", "-1", "60001", "1e9", "NaN"], "a number from 0 to 60000"],
  ["horizonBars", ["", "0", "1.5", "1441", "soon"], "a whole number from 1 to 1440"],
  ["maxRejectedShare", ["", "10%", "1.01", "-0.1"], "a number from 0 to 1"],
  ["seed", ["", "-1", "0.5", "2147483649", "x"], "a whole number from 0 to 2147483648"],
  ["data", [""], "a folder"],
])("%s given as a flag is held to its rule, also when it is empty", (name, wrong, expected) => {
  for (const value of wrong) {
    const said = `was ${JSON.stringify(value)}, expected ${expected};`;
    expect(() => resolveSettings({ ...nothing, flags: { [name]: value } })).toThrow(said);
  }
  const environment = { [environmentName(name)]: "" };
  expect(find({ ...nothing, environment }, name)).toMatchObject({ source: "default" });
});

test.each([
  ["true", true],
  ["null", null],
  ["[]", []],
  ["[0.5]", [0.5]],
  ["{}", {}],
  ['"0x1"', "0x1"],
  ['"0b1"', "0b1"],
  ['"1_0"', "1_0"],
  ['"Infinity"', "Infinity"],
  ['"1e999"', "1e999"],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["NaN", Number.NaN],
])("%s in the settings file is no number, whatever it could be turned into", (shown, value) => {
  for (const name of ["maxRejectedShare", "seed", "latencyMs", "horizonBars"]) {
    const said = `tickbook.yaml, ${name}: was ${shown}, expected a`;
    expect(() => resolveSettings({ ...nothing, file: { [name]: value } })).toThrow(said);
  }
});

test("an empty value in the settings file is not a missing one, and what objects inherit is no setting", () => {
  for (const [name, value] of [
    ["seed", ""],
    ["seed", null],
    ["data", ""],
    ["data", 5],
  ] as const) {
    const said = `tickbook.yaml, ${name}: was ${JSON.stringify(value)}, expected a`;
    expect(() => resolveSettings({ ...nothing, file: { [name]: value } })).toThrow(said);
  }
  expect(() => resolveSettings({ ...nothing, file: { toString: 1 } })).toThrow("is not a setting");
});

test("numbers are written in decimal, as numbers or as texts", () => {
  const taken = [0.25, "0.25", ".25", "2.5e-1", " 0.25 ", "+0.25"].map((value) =>
    find({ ...nothing, file: { maxRejectedShare: value } }, "maxRejectedShare"),
  );
  expect(taken.map((setting) => (setting as { value: unknown }).value)).toEqual(
    taken.map(() => 0.25),
  );
  expect(() => resolveSettings({ ...nothing, flags: { maxRejectedShare: "0x1" } })).toThrow(
    '--max-rejected-share: was "0x1", expected a number from 0 to 1',
  );
});
