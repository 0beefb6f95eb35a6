import { expect, test } from "vitest";
import { DataError, GateError, OptionError, WorkbenchError } from "./errors.js";

test("an error is one sentence: place, what was wrong, how to mend it", () => {
  const error = new DataError({
    file: "trades/BTCUSDT.csv.gz",
    row: 1042,
    column: "price",
    message: 'was "-1.0", expected a positive number',
    fix: "fetch the file again",
  });
  expect(error.message).toBe(
    'trades/BTCUSDT.csv.gz, row 1042, price: was "-1.0", expected a positive number; fetch the file again',
  );
  expect(error.name).toBe("DataError");
  expect(error).toBeInstanceOf(WorkbenchError);
});

test("wrong usage exits 2, wrong data and refused gates exit 1", () => {
  const place = { message: "was wrong" };
  expect(new OptionError(place).exitCode).toBe(2);
  expect(new DataError(place).exitCode).toBe(1);
  expect(new GateError(place).exitCode).toBe(1);
});

test("input that an error quotes cannot command a terminal", () => {
  const message = 'was "\u001b[2J\n\u202etxt.exe\0é"';
  expect(new OptionError({ message }).message).toBe(
    'was "\\u001b[2J\\u000a\\u202etxt.exe\\u0000é"',
  );
});

test("characters that cannot be seen are shown where an error quotes them", () => {
  const message = 'was "\ufeffa\u200bb\u00adc\u200d\u2060\u{e0001}"';
  expect(new OptionError({ message }).message).toBe(
    'was "\\ufeffa\\u200bb\\u00adc\\u200d\\u2060\\u{e0001}"',
  );
});
