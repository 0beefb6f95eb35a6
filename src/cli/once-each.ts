import type { Command } from "commander";
import { OptionError } from "../core/errors.js";

/**
 * Refuses an option that is given twice, of which the last would silently win.
 *
 * @param repeatable - names of options that may be given again, as `setting`
 * @throws {OptionError} while the command line is read
 */
export function onceEach(command: Command, repeatable: readonly string[] = []): void {
  for (const option of command.options) {
    if (repeatable.includes(option.name())) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, (value: string) => {
      if (isGiven) throw givenTwice(`--${option.name()}`, value);
      isGiven = true;
    });
  }
}

function givenTwice(column: string, value: string): OptionError {
  return new OptionError({
    column,
    message: `was given twice, the second time as ${JSON.stringify(value)}`,
    fix: "give it once",
  });
}
