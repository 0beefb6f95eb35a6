// Does the vendor answer, is the key valid, and which exchanges, symbols and days does it open?
import { exchangeSymbols } from "../core/symbols.js";
import { dateOf } from "../core/time.js";
import {
  type ExchangeDays,
  exchangeDays,
  type KeyAccess,
  keyAccess,
  type VendorOptions,
} from "../ingest/key-access.js";
import type { Finding } from "./finding.js";

const FREE_DAYS = "the first day of each month, for example 2024-11-01";

/** Exchange that is asked for without a key, only to see whether the vendor answers. */
const ANY_EXCHANGE = "binance";

/** Exchanges whose files are looked up, and symbols that are named, at most. */
const SHOWN = 12;

/** What the vendor said, for `--json`. */
export interface VendorReach {
  /** Null when there is no key, or no answer about it. */
  readonly isKeyValid: boolean | null;
  /** What needs no key. */
  readonly freeDays: string;
  /** What was bought, in the vendor's words. */
  readonly plans: readonly string[];
  /** What the key opens; `to` is exclusive, no symbols are all of them. */
  readonly opens: readonly KeyAccess[];
}

/** What was found out, for people and for programs. */
export interface VendorCheck {
  readonly findings: readonly Finding[];
  readonly reach: VendorReach;
}

/** What is set in the environment; asks nobody. */
export function keyFindings(
  environment: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
  const { TARDIS_API_KEY: key = "", TARDIS_API_SECRET: secret = "" } = environment;
  const findings: Finding[] = [];
  const name = "vendor key";
  if (key !== "") findings.push({ name, value: "TARDIS_API_KEY is set", isNeeded: false });
  else {
    const remark =
      "not set; the first day of each month needs none, for others put TARDIS_API_KEY into .env";
    findings.push({ name, value: null, isNeeded: false, remark });
  }
  if (secret !== "") {
    const value = "TARDIS_API_SECRET is set";
    const remark = "accepted and unused: the vendor's files need the key alone";
    findings.push({ name: "vendor secret", value, isNeeded: false, remark });
  }
  return findings;
}

/** Asks the vendor. It was asked for, so that no answer is a failure. */
export async function checkVendor(key: string, options: VendorOptions = {}): Promise<VendorCheck> {
  try {
    return key === "" ? await checkWithoutKey(options) : await checkKey(key, options);
  } catch (error) {
    const remark = (error as Error).message;
    const isRefused = /answered 40[13]/.test(remark);
    const reach = { isKeyValid: isRefused ? false : null, freeDays: FREE_DAYS };
    const name = isRefused ? "key's validity" : "vendor";
    return {
      findings: [{ name, value: null, isNeeded: true, remark }],
      reach: { ...reach, plans: [], opens: [] },
    };
  }
}

async function checkWithoutKey(options: VendorOptions): Promise<VendorCheck> {
  const { to } = await exchangeDays(ANY_EXCHANGE, options);
  const value = `answers; without a key it gives ${FREE_DAYS}, now up to ${lastDay(to)}`;
  return {
    findings: [{ name: "vendor", value, isNeeded: true }],
    reach: { isKeyValid: null, freeDays: FREE_DAYS, plans: [], opens: [] },
  };
}

async function checkKey(key: string, options: VendorOptions): Promise<VendorCheck> {
  const opens = await keyAccess(key, options);
  const plans = [...new Set(opens.map(planOf).filter((plan) => plan !== ""))];
  const plan = plans.length === 0 ? "" : `; plan: ${plans.join(", ")}`;
  const onlyFree = opens.length === 0 ? `; it opens no more than ${FREE_DAYS}` : "";
  const files = await filesOf(
    opens.map(({ exchange }) => exchange),
    options,
  );
  const findings: readonly Finding[] = [
    { name: "key's validity", value: `valid${plan}${onlyFree}`, isNeeded: true },
    ...opens.map((opened) => openedFinding(opened, files.get(opened.exchange))),
  ];
  return { findings, reach: { isKeyValid: true, freeDays: FREE_DAYS, plans, opens } };
}

/** What the vendor has of exchanges, as far as it says so. */
async function filesOf(
  exchanges: readonly string[],
  options: VendorOptions,
): Promise<ReadonlyMap<string, ExchangeDays>> {
  const asked = [...new Set(exchanges)].slice(0, SHOWN);
  const answers = await Promise.allSettled(asked.map((name) => exchangeDays(name, options)));
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  return new Map(found.map((days) => [days.exchange, days]));
}

function openedFinding(
  { exchange, from, to, symbols }: KeyAccess,
  files: ExchangeDays | undefined,
): Finding {
  const named = symbols.slice(0, SHOWN).join(" ");
  const more = symbols.length > SHOWN ? ` and ${symbols.length - SHOWN} others` : "";
  const which = symbols.length === 0 ? "all symbols" : `${named}${more}`;
  const there = files === undefined ? "" : `; ${filesInWords(files)}`;
  return {
    name: `opens ${exchange}`,
    value: `${day(from)} to ${lastDay(to)}, ${which}${there}`,
    isNeeded: false,
  };
}

/** Since when the coins of the workbench are there, and until when. */
function filesInWords({ exchange, from, to, symbols }: ExchangeDays): string {
  const known = coinSymbols(exchange).flatMap((id) => {
    const symbol = symbols.find((one) => one.id === id);
    return symbol === undefined ? [] : [`${id} since ${day(symbol.availableSince)}`];
  });
  const since = known.length === 0 ? `since ${day(from)}` : known.join(", ");
  return `files of ${symbols.length} symbols up to ${lastDay(to)}: ${since}`;
}

function coinSymbols(exchange: string): readonly string[] {
  try {
    return exchangeSymbols(exchange, "BTC,ETH,SOL");
  } catch {
    // The workbench knows no names of this exchange, which is no fault.
    return [];
  }
}

function planOf({ dataPlan = "", accessType = "" }: KeyAccess): string {
  if (dataPlan === "" || accessType === "") return `${dataPlan}${accessType}`;
  return `${dataPlan} (${accessType})`;
}

function day(instant: string): string {
  return instant.slice(0, 10);
}

/** Last day before an exclusive end. */
function lastDay(end: string): string {
  const ms = Date.parse(end);
  return Number.isNaN(ms) ? day(end) : dateOf(1000 * ms - 1);
}
