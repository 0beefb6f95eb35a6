import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { type MarketListener, MarketStream } from "./market-stream.js";
import { MarketsReplay, type ReplayedMarket } from "./markets-replay.js";
import { Replay } from "./replay.js";
import { changesAt, tradesAt } from "./test-tables.js";

const recorder = (name: string, told: string[]): MarketListener => ({
  onTime: (localUs) => told.push(`${name} time ${localUs}`),
  onTrade: (localUs, _exchangeUs, _side, price) => told.push(`${name} trade ${localUs} ${price}`),
  onBook: (localUs, book) => told.push(`${name} book ${localUs} ${book.bidLevels}`),
});

const times = fc
  .array(fc.integer({ min: 0, max: 12 }), { maxLength: 20 })
  .map((list) => list.sort((a, b) => a - b));

interface Events {
  readonly trades: readonly number[];
  readonly changes: readonly number[];
}

const markets = fc.array(fc.record({ trades: times, changes: times }), {
  minLength: 1,
  maxLength: 4,
});

/** Replays markets together, pausing wherever the seed says. */
async function together(
  events: readonly Events[],
  pauses: () => boolean,
): Promise<{ told: string[]; clock: number[] }> {
  const told: string[] = [];
  const clock: number[] = [];
  const replayed: ReplayedMarket[] = events.map(({ trades, changes }, i) => ({
    stream: new MarketStream(recorder(`${i}`, told)),
    sources: { trades: [tradesAt(trades)], bookChanges: [changesAt(changes)] },
  }));
  const onTime = (localUs: number): void => {
    clock.push(localUs);
    told.push(`all ${localUs}`);
  };
  const replay = new MarketsReplay(replayed, { onTime, isPaused: pauses });
  while (await replay.run());
  for (const { stream } of replayed) stream.finish();
  return { told, clock };
}

test("each market of many is told what it is told alone", async () => {
  await fc.assert(
    fc.asyncProperty(markets, async (events) => {
      const { told } = await together(events, () => false);
      for (const [i, { trades, changes }] of events.entries()) {
        const alone: string[] = [];
        const replay = new Replay(recorder(`${i}`, alone));
        await replay.run({ trades: [tradesAt(trades)], bookChanges: [changesAt(changes)] });
        replay.finish();
        expect(told.filter((line) => line.startsWith(`${i} `))).toEqual(alone);
      }
    }),
    { seed: 1, numRuns: 100 },
  );
});

test("the shared clock is told every arrival time once, in order, before anything of it", async () => {
  await fc.assert(
    fc.asyncProperty(markets, async (events) => {
      const { told, clock } = await together(events, () => false);
      const all = events.flatMap(({ trades, changes }) => [...trades, ...changes]);
      expect(clock).toEqual([...new Set(all)].sort((a, b) => a - b));
      let now = Number.NaN;
      for (const line of told) {
        const [who, second, third] = line.split(" ");
        if (who === "all") now = Number(second);
        else if (second === "trade") expect(Number(third)).toBe(now);
      }
    }),
    { seed: 2, numRuns: 100 },
  );
});

test("pauses change nothing of what is told", async () => {
  await fc.assert(
    fc.asyncProperty(markets, fc.integer(), async (events, seed) => {
      const random = seededRandom(seed);
      const paused = await together(events, () => random.uniform() < 0.4);
      expect(paused).toEqual(await together(events, () => false));
    }),
    { seed: 3, numRuns: 100 },
  );
});
