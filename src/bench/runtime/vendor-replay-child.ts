// Features of what the vendor's client replays: `node vendor-replay-child.js URL CACHE EXCHANGE SYMBOLS FROM TO BAR_US`, with the server's
// certificate in NODE_EXTRA_CA_CERTS. Prints rows as text, by symbol.
import type { Exchange } from "tardis-dev";
import { moduleOf } from "../../core/module-of.js";
import type { FeedSource } from "../../runtime/feed/feed.js";
import { takeMarketEvent } from "../../runtime/feed/feed-event.js";
import { feedEvents } from "../../runtime/feed/feed-event-maker.js";
import type { NormalizedMessage } from "../../store/rows/normalized-message.js";
import { fedRows } from "./fed-rows.js";

/** The messages as a feed. */
function replayFeed(messages: AsyncIterable<NormalizedMessage>): FeedSource {
  return {
    canRewind: false,
    open: async (markets, keeper) => ({
      run: async () => {
        for await (const event of feedEvents(messages)) {
          if (event.kind === "disconnect") keeper.onDisconnect(event.localUs);
          if (event.kind !== "trade" && event.kind !== "book") continue;
          const { stream } = markets.find(({ symbol }) => symbol === event.symbol)!;
          takeMarketEvent(stream, event);
        }
        return false;
      },
      close: async () => {},
    }),
  };
}

async function main(args: readonly string[]): Promise<void> {
  const [url, cacheDir, exchange, names, from, to, barUs] = args as readonly string[] & [string];
  const tardis = moduleOf(await import("tardis-dev"));
  tardis.init({ endpoint: `${url}/v1`, cacheDir: cacheDir! });
  const symbols = names!.split(",");
  const messages = tardis.replayNormalized(
    { exchange: exchange as Exchange, symbols, from: from!, to: to! },
    tardis.normalizeTrades,
    tardis.normalizeBookChanges,
  );
  const feed = replayFeed(messages as unknown as AsyncIterable<NormalizedMessage>);
  const rows = await fedRows(feed, symbols, Number(barUs));
  process.stdout.write(JSON.stringify(Object.fromEntries(rows)));
}

void main(process.argv.slice(2));
