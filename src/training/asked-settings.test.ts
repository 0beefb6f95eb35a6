import { describe, expect, test } from "vitest";
import { askedSettings, changesText, settingGrid } from "./asked-settings.js";
import { MODEL_NAMES, namedSettings } from "./named-settings.js";
import { settingRules } from "./setting-rules.js";
import { LOGISTIC_SETTINGS, LSTM_SETTINGS, MLP_SETTINGS, RULE_SETTINGS } from "./settings.js";

/** What an option of its own asks for. */
const ASKED_ELSEWHERE = ["model", "columns", "calibrator", "coverage"];

describe.each(MODEL_NAMES)("%s", (name) => {
  test.each(["native", "javascript"] as const)(
    "every setting has a rule that its own value keeps, on the %s backend",
    (backend) => {
      const settings = namedSettings(name, { backend });
      const own = Object.entries(settings).filter(([key]) => !ASKED_ELSEWHERE.includes(key));
      expect([...settingRules(settings).keys()]).toEqual(own.map(([key]) => key));
      const texts = own.map(([key, value]) => {
        return `${key}=${Array.isArray(value) ? value.join("x") : value}`;
      });
      expect(askedSettings(settings, texts)).toEqual(settings);
    },
  );
});

test("settings that are asked otherwise take the place of the usual ones, and no others change", () => {
  expect(
    askedSettings(LSTM_SETTINGS, ["units=8", " dropout = 0.25", "classWeights=balanced"]),
  ).toEqual({
    ...LSTM_SETTINGS,
    ...{ units: 8, dropout: 0.25, classWeights: "balanced" },
  });
  expect(askedSettings(MLP_SETTINGS, ["units=64x32x8"]).model).toBe("mlp");
  expect(askedSettings(MLP_SETTINGS, ["units=64x32x8"])).toMatchObject({ units: [64, 32, 8] });
  expect(askedSettings(LOGISTIC_SETTINGS, ["priorDeviations=0.1"])).toMatchObject({
    priorDeviations: [0.1],
  });
  expect(askedSettings(LSTM_SETTINGS, [])).toEqual(LSTM_SETTINGS);
});

test.each([
  ["dropout=1", '--set dropout: was "1", expected a share from 0, below 1'],
  ["dropout=-0.1", "expected a share from 0, below 1"],
  ["dropout=", 'was "", expected'],
  ["dropout=0x1", 'was "0x1", expected'],
  ["units=16.5", "expected a whole number from 1 to 1024"],
  ["units=16x8", "expected a whole number from 1 to 1024"],
  ["units=true", "expected a whole number"],
  ["learningRate=0", "expected a number above 0, at most 1"],
  ["learningRate=Infinity", "expected a number above 0"],
  ["epochs=0", "expected a whole number from 1 to 1000"],
  ["classWeights=some", "expected none or balanced"],
  ["layerNorm=1", "expected true or false"],
  [
    "unit=16",
    '--set: named "unit", which is no setting of lstm; use one of steps, units, layers, ',
  ],
  ["heads=2", '--set: named "heads", which is no setting of lstm; use one of'],
  ["__proto__=1", 'named "__proto__", which is no setting of lstm; use one of steps, units,'],
  ["constructor=1", 'named "constructor", which is no setting of lstm; use one of steps, units,'],
  ["model=mlp", 'named "model", which is no setting of lstm'],
  ["coverage=0.2", "use --coverage"],
  ["calibrator=platt", "use --calibrator"],
  ["seed=2", "use --seed"],
  ["units", '--set: was "units", expected name=value'],
  ["=16", '--set: was "=16", expected name=value'],
])("%s is refused with its rule", (text, said) => {
  expect(() => askedSettings(LSTM_SETTINGS, [text])).toThrow(said);
});

test("one that is asked for twice is refused, and so are settings of what has none", () => {
  expect(() => askedSettings(LSTM_SETTINGS, ["units=8", "units=16"])).toThrow(
    "--set units: was asked for twice; give each value once",
  );
  expect(() => askedSettings(MLP_SETTINGS, ["units=16,8"])).toThrow(
    "expected one to 8, joined by an x as in 32x16, each a whole number from 1 to 1024",
  );
  expect(() => askedSettings(RULE_SETTINGS[0]!, ["units=8"])).toThrow(
    "leave it out: majority has no settings",
  );
});

test("heads that are no equal parts of the width are refused", () => {
  // Any settings that have both.
  const settings = { ...LSTM_SETTINGS, width: 64, heads: 4 };
  expect(askedSettings(settings, ["heads=8"])).toMatchObject({ heads: 8 });
  expect(() => askedSettings(settings, ["heads=3"])).toThrow(
    "--set: asks for 3 heads in a width of 64, which are no equal parts",
  );
});

/** A setting with more values than anybody would try, and so many more of several. */
function thousand(name: string): string {
  return `${name}=${Array.from({ length: 1000 }, (_, i) => i + 1).join()}`;
}

describe("a grid", () => {
  test("holds every combination once, on top of what is set", () => {
    const settings = askedSettings(LSTM_SETTINGS, ["epochs=3"]);
    const grid = settingGrid(settings, ["units=16,32", "dropout=0,0.5"]);
    expect(grid.map(({ changes }) => changesText(changes))).toEqual([
      "units 16, dropout 0",
      "units 16, dropout 0.5",
      "units 32, dropout 0",
      "units 32, dropout 0.5",
    ]);
    expect(grid[2]!.settings).toEqual({ ...settings, units: 32, dropout: 0 });
    const layers = settingGrid(MLP_SETTINGS, ["units=8,8x4"]);
    expect(layers.map(({ changes }) => changesText(changes))).toEqual(["units 8", "units 8x4"]);
    expect(settingGrid(LOGISTIC_SETTINGS, [])).toEqual([]);
  });

  test.each([
    [["units=16"], "--grid: asks for 1 try, expected 2 to 100; give a setting two values"],
    [["units=16,16"], "--grid units: was asked for twice"],
    [["units=16,32", "units=8,9"], "--grid units: was asked for twice"],
    [["units=16,none"], '--grid units: was "none", expected a whole number'],
    [["units=1,2,3,4,5,6,7,8,9,10,11", "epochs=1,2,3,4,5,6,7,8,9,10"], "asks for 110 tries"],
    [["classWeights=none,balanced"], "--grid classWeights: was given, under which early-stop"],
    [[" classWeights =none,balanced"], "--grid classWeights: was given, under which early-stop"],
    [["units", "steps", "batchSize", "epochs"].map(thousand), "asks for 1000000000000 tries"],
    [["seed=1,2"], "use --seed"],
  ])("of %j is refused", (texts, said) => {
    expect(() => settingGrid(LSTM_SETTINGS, texts)).toThrow(said);
  });

  test("of a model that has no early-stop loss is refused", () => {
    expect(() => settingGrid(LOGISTIC_SETTINGS, ["priorDeviations=0.1,1"])).toThrow(
      "--grid: was given for logistic, which is not trained in epochs",
    );
  });
});
