import { openStore } from "../../store/store.js";
import { hasDemoDays, makeDemoMarket } from "./demo-market.js";
import { makeDemoModel, promotedDemoModel } from "./demo-model.js";
import {
  DEMO_SETTINGS,
  type DemoPlan,
  type DemoSettings,
  type DemoTold,
  demoPlan,
} from "./demo-plan.js";

/** A store with a promoted model, and days that it has never seen. */
export interface PreparedDemo
  extends Pick<DemoPlan, "root" | "exchange" | "symbols" | "from" | "to"> {
  /** NAME@version. */
  readonly model: string;
}

/**
 * What a first look at the runtime needs, made by the ordinary steps in a store of its own, `{dataDir}/demo`: a simulated
 * market, and a model that passed its gates on it. A line is said as each step ends. What is done is not done again, so that a
 * second call takes a moment, and one that was killed is simply made again.
 *
 * @param dataDir - root of the user's store, which is left as it is
 * @returns among others `from`, the first day after all of the model's slices, and `to`, the day after the last
 * @throws {GateError} the model did not pass its gates, or somebody demoted it
 * @throws {WorkbenchError} the store cannot be written to, or something in it was changed
 */
export async function prepareDemo(
  dataDir: string,
  told: DemoTold,
  settings: DemoSettings = DEMO_SETTINGS,
): Promise<PreparedDemo> {
  const plan = demoPlan(dataDir, settings);
  const { root, exchange, symbols, from, to, liveDates } = plan;
  const about = { root, exchange, symbols, from, to };
  const store = await openStore(root);
  try {
    const hasDays = await hasDemoDays(store, plan, liveDates);
    const ready = hasDays ? await promotedDemoModel(plan) : undefined;
    if (ready !== undefined) return { ...about, model: ready };
    await makeDemoMarket(store, plan, told);
    return { ...about, model: await makeDemoModel(store, plan, told) };
  } finally {
    await store.close();
  }
}
