// What is an operator's board told of a run, besides its events and records as they come? How it stands, as of now.
import type { ConnectionFacts } from "../feed/feed.js";
import type { MonitorBoard } from "../monitor/monitor-board.js";
import type { PositionView } from "../monitor/monitor-state.js";
import type { OpenRun } from "./open-run.js";
import type { RunSettings } from "./run-settings.js";

/** What is known beside the run itself. */
export interface ShownBeside {
  readonly journal: { readonly isUp: boolean; readonly waiting: number };
  /** The order to stop that lies there; "" for none. */
  readonly halted: string;
  /** Of a feed that comes over a connection. */
  readonly connection: ConnectionFacts | undefined;
}

/** Tells a board how a run stands. */
export function showRun(
  board: MonitorBoard,
  run: OpenRun,
  { symbols, risk }: RunSettings,
  { journal, halted, connection }: ShownBeside,
): void {
  const { desk, portfolio, markets } = run;
  const positions = symbols.flatMap((symbol, i): readonly PositionView[] => {
    const amount = portfolio.position(i);
    if (amount === 0) return [];
    const mid = markets[i]!.book.mid();
    const { entryPrice, floatingUsd } = portfolio.holding(i);
    return [{ symbol, amount, entryPrice, mid, floatingUsd }];
  });
  board.positions(positions);
  for (const { symbol, book, isFeedGood } of markets) {
    const isBookValid = book.isOrdered();
    const spreadBps = isBookValid
      ? (1e4 * (book.askPrice() - book.bidPrice())) / book.mid()
      : Number.NaN;
    board.feed(symbol, { isBookValid, spreadBps, isStale: !isFeedGood });
  }
  board.connection(connection);
  board.journal(journal);
  const { account } = desk;
  const phase = risk.rules.phases.find(({ name }) => name === account.phase);
  const targetRatio = phase?.targetRatio ?? null;
  const { initialUsd } = risk.rules;
  const targetUsd = targetRatio === null ? Number.NaN : initialUsd * (1 + targetRatio);
  board.limits({ initialUsd, targetUsd });
  if (account.status === "failed") board.standing("breached", desk.reason);
  else if (halted !== "") board.standing("halted", halted);
  else if (desk.action !== "ok") board.standing("blocked", desk.reason);
  else board.standing("free");
}
