import { hasBundle, readBundle } from "../registry/bundles.js";
import { readTrials } from "../registry/trials.js";
import { type AddCommand, action } from "./command.js";

/** `models`: bundles in this store, each checked against the trial that made it. */
export const modelsCommand: AddCommand = (program) => {
  program
    .command("models")
    .description("list trained models; each file's hash is checked")
    .action(
      action<object>(async (_args, _options, { dataDir, say }) => {
        const models: object[] = [];
        for (const { model: name, key, bundle, figures } of await readTrials(dataDir)) {
          const version = key.slice(0, 12);
          if (!(await hasBundle(dataDir, name, version))) continue;
          const { content, files } = await readBundle(dataDir, name, version, bundle);
          const { exchange, symbols, horizonBars } = content;
          models.push({ name, version, exchange, symbols, horizonBars, figures });
          const accuracy = figures["accuracy"] ?? Number.NaN;
          say(
            `${name}@${version}: ${exchange} ${symbols}, ${horizonBars} bars ahead, test accuracy ` +
              `${(100 * accuracy).toFixed(1)} %, ${Object.keys(files).length} files whole, not promoted`,
          );
        }
        if (models.length === 0) say("no models yet; train one with `npx tickbook train`");
        return { json: { models }, exitCode: 0 };
      }),
    );
};
