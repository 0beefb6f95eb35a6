// Which settings of a model can be asked otherwise, and what may each be?
import { z } from "zod";
import { DECIMAL } from "../core/decimal.js";
import { MOST_STEPS } from "../models/network-file.js";
import type { TrainingSettings } from "./settings.js";

/** A value as settings hold it. */
export type SettingValue = number | boolean | string | readonly number[];

/** What a setting may be, read from text. */
export interface SettingRule {
  readonly schema: z.ZodType<SettingValue, string>;
  /** The rule in words. */
  readonly expected: string;
}

function numeric(rule: z.ZodNumber, expected: string): SettingRule {
  return { schema: z.string().trim().regex(DECIMAL).transform(Number).pipe(rule), expected };
}

function whole(least: number, most: number): SettingRule {
  const rule = z.number().int().min(least).max(most);
  return numeric(rule, `a whole number from ${least} to ${most}`);
}

/** Several numbers are joined by an x: `32x16`. */
function listed({ schema, expected }: SettingRule, most: number, example: string): SettingRule {
  const parts = z
    .string()
    .transform((text) => text.split("x"))
    .pipe(
      z
        .array(schema as z.ZodType<number, string>)
        .min(1)
        .max(most),
    );
  return {
    schema: parts,
    expected: `one to ${most}, joined by an x as in ${example}, each ${expected}`,
  };
}

function oneOf(...words: readonly string[]): SettingRule {
  return { schema: z.string().trim().pipe(z.enum(words)), expected: words.join(" or ") };
}

const POSITIVE = z.number().positive();
const SIZE = whole(1, 1024);
const BARS = whole(1, MOST_STEPS);
const TRUTH: SettingRule = {
  schema: z
    .string()
    .trim()
    .pipe(z.enum(["true", "false"]))
    .transform((word) => word === "true"),
  expected: "true or false",
};

const RULES: Readonly<Record<string, SettingRule>> = {
  startPriorDeviation: numeric(z.number().min(0).max(100), "a number from 0 to 100"),
  dropout: numeric(z.number().min(0).lt(1), "a share from 0, below 1"),
  weightDecay: numeric(z.number().min(0).max(10), "a number from 0 to 10"),
  learningRate: numeric(POSITIVE.max(1), "a number above 0, at most 1"),
  batchSize: whole(1, 65_536),
  stride: BARS,
  epochs: whole(1, 1000),
  patience: whole(1, 1000),
  gradientNorm: numeric(POSITIVE.max(1e6), "a number above 0, at most 1000000"),
  averageEpochs: numeric(z.number().min(0).max(1000), "a number from 0 to 1000"),
  classWeights: oneOf("none", "balanced"),
  steps: BARS,
  units: SIZE,
  layers: whole(1, 16),
  layerNorm: TRUTH,
  width: SIZE,
  heads: whole(1, 64),
  feedForward: whole(1, 4096),
  positions: oneOf("learned", "sinusoidal"),
  priorDeviations: listed(
    numeric(POSITIVE.max(100), "a number above 0, at most 100"),
    20,
    "0.01x0.1",
  ),
};

/** Those that mean something else for a model. */
const OWN_RULES: Readonly<Record<string, Readonly<Record<string, SettingRule>>>> = {
  mlp: { units: listed(SIZE, 8, "32x16") },
};

/**
 * Rules of the settings of a model, by name, in the order of the settings. What has an option of its own is none of them: which
 * calibrator, which coverage, which columns.
 */
export function settingRules(settings: TrainingSettings): ReadonlyMap<string, SettingRule> {
  const rules = { ...RULES, ...OWN_RULES[settings.model] };
  return new Map(
    Object.keys(settings).flatMap((name) => {
      const rule = rules[name];
      return rule === undefined ? [] : [[name, rule]];
    }),
  );
}
