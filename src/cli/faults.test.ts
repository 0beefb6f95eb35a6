import { afterEach, expect, test, vi } from "vitest";
import { DataError } from "../core/errors.js";
import type { FaultCampaign, FaultResult } from "../faults/campaign.js";
import { main } from "./main.js";
import { captureOutput } from "./test-output.js";

const output = captureOutput();
const stood = (fault: string): FaultResult => ({
  ...{ fault, tries: 3, detected: 3, lost: 0, duplicated: 0, silent: 0 },
});
/** What had been printed when a campaign began. */
const before: Record<string, string> = {};
const ends = new Map<string, () => readonly FaultResult[]>();

vi.mock("../faults/ingest.js", () => ({
  INGEST_CAMPAIGNS: ["first", "second", "third"].map(
    (name): FaultCampaign => ({
      name,
      run: async () => {
        before[name] = output.printed + output.complained;
        return ends.get(name)?.() ?? [stood(`fault of the ${name}`)];
      },
    }),
  ),
}));

afterEach(() => ends.clear());

const fail = (error: Error) => (): never => {
  throw error;
};

test("each campaign's rows are printed when it ends, before the next one begins", async () => {
  expect(await main(["faults", "ingest"])).toBe(0);
  expect(before["first"]).toBe("");
  expect(before["second"]).toMatch(/^first\n.*\nfault of the first +3 +3 +0 +0 +0\n/);
  expect(before["second"]).not.toContain("second");
  expect(before["third"]).toMatch(/second\n.*\nfault of the second +3 /);
  expect(output.printed).toMatch(/3 campaigns, 9 faults planted, all of them stood\n$/);
});

test("a campaign that throws is named, and costs neither the results before nor those after it", async () => {
  ends.set("second", fail(new Error("the scene fell")));
  expect(await main(["faults", "ingest", "--json"])).toBe(1);
  expect(JSON.parse(output.printed)).toEqual({
    results: [stood("fault of the first"), stood("fault of the third")],
    failed: [{ campaign: "second", reason: expect.stringContaining("the scene fell") }],
  });
  expect(output.complained).toMatch(/✗ second: .*the scene fell/);
  expect(output.complained).toMatch(/not stood: second\n$/);
});

test("an expected error is given in its own words", async () => {
  ends.set("third", fail(new DataError({ file: "x.csv.gz", message: "was odd", fix: "look" })));
  expect(await main(["faults", "ingest"])).toBe(1);
  expect(output.printed).toContain("✗ third: x.csv.gz: was odd; look\n");
  expect(output.printed).not.toContain("should not");
});

test("a fault that was not detected makes exit code 1 and its campaign is named at the end", async () => {
  ends.set("first", () => [{ ...stood("fault of the first"), detected: 2 }]);
  expect(await main(["faults", "ingest", "--only", "first,third"])).toBe(1);
  expect(output.printed).toMatch(/2 campaigns, 6 faults planted, not stood: first\n$/);
});
