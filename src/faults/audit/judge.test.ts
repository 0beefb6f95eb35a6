import { expect, test } from "vitest";
import type { PlantedFault } from "../../simulate/faults/planted-fault.js";
import { falseAlarms, judgeFaults, type SeenFinding } from "./judge.js";

const DAY = { symbol: "BTCUSDT", date: "2024-01-01" };
/** Rows arrive every 10 s. */
const TIMES = Float64Array.from({ length: 100 }, (_, i) => i * 10e6);

function planted(changes: Partial<PlantedFault> = {}): PlantedFault {
  return {
    ...{ kind: "gap:trades", check: "gap", type: "trades", ...DAY, fromUs: 100e6, toUs: 400e6 },
    ...{ rows: 0, missing: 9, size: "long", mayAlsoFind: ["sequence-jump"], ...changes },
  };
}

function finding(check: string, ...spans: readonly (readonly [number, number])[]): SeenFinding {
  return { check, type: "trades", ...DAY, firstUs: spans[0]![0], detail: "seen", spans };
}

async function outcome(found: readonly SeenFinding[], fault = planted()): Promise<string> {
  const [judged] = await judgeFaults([fault], found, async () => TIMES);
  return judged!.outcome;
}

test("a place within a second or in the next row is right, one further off is misplaced", async () => {
  expect(await outcome([finding("gap", [99.1e6, 400e6])])).toBe("found");
  expect(await outcome([finding("gap", [110e6, 400e6])])).toBe("found");
  expect(await outcome([finding("gap", [90e6, 400e6])])).toBe("found");
  expect(await outcome([finding("gap", [120e6, 400e6])])).toBe("misplaced");
  expect(await outcome([finding("gap", [700e6, 800e6])])).toBe("misplaced");
});

test("a place has to end where the fault does; a regime's way back is told by minutes", async () => {
  expect(await outcome([finding("gap", [100e6, 390e6])])).toBe("found");
  expect(await outcome([finding("gap", [100e6, 379e6])])).toBe("misplaced");
  expect(await outcome([finding("gap", [100e6, 700e6])])).toBe("misplaced");
  const regime = planted({ check: "regime-break" });
  expect(await outcome([finding("regime-break", [100e6, 341e6])], regime)).toBe("found");
  expect(await outcome([finding("regime-break", [100e6, 339e6])], regime)).toBe("misplaced");
  expect(await outcome([finding("regime-break", [120e6, 400e6])], regime)).toBe("misplaced");
  const pieces = finding("gap", [100e6, 110e6], [200e6, 210e6], [390e6, 400e6]);
  expect(await outcome([pieces])).toBe("found");
});

test("no finding of the check and type on the day is a miss, and so is one of another fault", async () => {
  expect(await outcome([])).toBe("missed");
  expect(await outcome([finding("order", [100e6, 400e6])])).toBe("missed");
  expect(await outcome([{ ...finding("gap", [100e6, 400e6]), type: "quotes" }])).toBe("missed");
  expect(await outcome([{ ...finding("gap", [100e6, 400e6]), date: "2024-01-02" }])).toBe("missed");
  const other = planted({ kind: "gap:all", fromUs: 700e6, toUs: 900e6 });
  const judged = await judgeFaults(
    [planted(), other],
    [finding("gap", [700e6, 900e6])],
    async () => TIMES,
  );
  expect(judged.map((one) => one.outcome)).toEqual(["missed", "found"]);
});

test("a finding without spans is one point; comparisons tell of either type", async () => {
  const { spans: _, ...bare } = finding("gap", [100e6, 400e6]);
  expect(await outcome([bare])).toBe("misplaced");
  expect(await outcome([bare], planted({ toUs: 100e6 }))).toBe("found");
  const quotes = planted({ check: "quote-mismatch", type: "quotes" });
  const told = { ...finding("quote-mismatch", [100e6, 390e6]), type: "incremental_book_L2" };
  expect(await outcome([told], quotes)).toBe("found");
});

test("what no fault explains is a false alarm, place by place", () => {
  const alarms = falseAlarms(
    [planted()],
    [
      finding("gap", [100e6, 400e6], [700e6, 710e6]),
      finding("sequence-jump", [400e6, 400e6]),
      finding("outlier", [200e6, 200e6]),
      { ...finding("gap", [100e6, 400e6]), symbol: "ETHUSDT" },
      { ...finding("gap", [100e6, 400e6]), type: "quotes" },
    ],
  );
  expect(alarms.map(({ check }) => check)).toEqual(["gap", "outlier", "gap", "gap"]);
  expect(alarms[0]!.what).toContain("00:11:40.000");
});
