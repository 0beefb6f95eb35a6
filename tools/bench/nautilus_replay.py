"""NautilusTrader's replay of some days of a mirror: python nautilus_replay.py MIRROR EXCHANGE SYMBOLS DATE MINUTES ROUNDS

Its engine is told the same trades and changes of the book as ours, as objects that are made before the time that counts. One
strategy looks at the best prices at the end of each minute and buys and sells in turn. Prints, as JSON, the events and the
seconds of the fastest round, and the orders that were filled.
"""

import json
import sys
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, StrategyConfig
from nautilus_trader.model.currencies import BTC, ETH, SOL, USDT
from nautilus_trader.model.data import BookOrder, OrderBookDelta, OrderBookDeltas, TradeTick
from nautilus_trader.model.enums import (
    AccountType,
    AggressorSide,
    BookAction,
    BookType,
    OmsType,
    OrderSide,
    RecordFlag,
)
from nautilus_trader.model.identifiers import InstrumentId, Symbol, TradeId, Venue
from nautilus_trader.model.instruments import CurrencyPair
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.trading.strategy import Strategy

VENUE = Venue("SIMULATED")
COINS = {"BTC": BTC, "ETH": ETH, "SOL": SOL}
PRICE_DIGITS = 4
SIZE_DIGITS = 8


class EachMinuteConfig(StrategyConfig, frozen=True):
    instrument_ids: list[InstrumentId]


class EachMinute(Strategy):
    """Looks at the best prices each minute, and trades."""

    def on_start(self):
        self.looks = 0
        self.total = 0.0
        for instrument_id in self.config.instrument_ids:
            self.subscribe_order_book_deltas(instrument_id, BookType.L2_MBP)
            self.subscribe_trade_ticks(instrument_id)
        self.clock.set_timer("minute", timedelta(minutes=1), callback=self.on_minute)

    def on_minute(self, _event):
        self.looks += 1
        side = OrderSide.BUY if self.looks % 2 == 1 else OrderSide.SELL
        for instrument_id in self.config.instrument_ids:
            book = self.cache.order_book(instrument_id)
            bid, ask = book.best_bid_price(), book.best_ask_price()
            if bid is None or ask is None:
                continue
            self.total += float(bid) + float(ask)
            quantity = Quantity(0.01, SIZE_DIGITS)
            self.submit_order(self.order_factory.market(instrument_id, side, quantity))


def instrument(name):
    coin = COINS[name.removesuffix("USDT")]
    return CurrencyPair(
        instrument_id=InstrumentId(Symbol(name), VENUE),
        raw_symbol=Symbol(name),
        base_currency=coin,
        quote_currency=USDT,
        price_precision=PRICE_DIGITS,
        size_precision=SIZE_DIGITS,
        price_increment=Price(10**-PRICE_DIGITS, PRICE_DIGITS),
        size_increment=Quantity(10**-SIZE_DIGITS, SIZE_DIGITS),
        ts_event=0,
        ts_init=0,
        maker_fee=Decimal("0.000325"),
        taker_fee=Decimal("0.000325"),
    )


def rows_of(mirror, exchange, kind, symbol, date, minutes):
    file = Path(mirror, exchange, kind, *date.split("-"), f"{symbol}.csv.gz")
    rows = pd.read_csv(file)
    end = pd.Timestamp(date, tz="UTC").value // 1000 + minutes * 60_000_000
    return rows[rows["local_timestamp"] < end]


def book_events(instrument_id, rows):
    """A message of the exchange, of one arrival time, is one event."""
    events = []
    columns = zip(
        rows["timestamp"].tolist(),
        rows["local_timestamp"].tolist(),
        rows["is_snapshot"].tolist(),
        rows["side"].tolist(),
        rows["price"].tolist(),
        rows["amount"].tolist(),
        strict=True,
    )
    open_us, was_snapshot, deltas = None, False, []

    def end():
        if deltas:
            last = deltas[-1]
            last_flags = last.flags | RecordFlag.F_LAST.value
            deltas[-1] = OrderBookDelta(
                instrument_id, last.action, last.order, last_flags, 0, last.ts_event, last.ts_init
            )
            events.append(OrderBookDeltas(instrument_id, list(deltas)))
            deltas.clear()

    for exchange_us, local_us, is_snapshot, side, price, amount in columns:
        if local_us != open_us:
            end()
        if is_snapshot and not (was_snapshot and local_us == open_us):
            deltas.append(OrderBookDelta.clear(instrument_id, 0, exchange_us * 1000, local_us * 1000))
        open_us, was_snapshot = local_us, is_snapshot
        action = BookAction.DELETE if amount == 0 else BookAction.UPDATE
        order_side = OrderSide.BUY if side == "bid" else OrderSide.SELL
        order = BookOrder(order_side, Price(price, PRICE_DIGITS), Quantity(amount, SIZE_DIGITS), 0)
        deltas.append(
            OrderBookDelta(instrument_id, action, order, 0, 0, exchange_us * 1000, local_us * 1000)
        )
    end()
    return events


def trade_events(instrument_id, rows):
    return [
        TradeTick(
            instrument_id,
            Price(price, PRICE_DIGITS),
            Quantity(amount, SIZE_DIGITS),
            AggressorSide.BUYER if side == "buy" else AggressorSide.SELLER,
            TradeId(str(number)),
            exchange_us * 1000,
            local_us * 1000,
        )
        for number, (exchange_us, local_us, side, price, amount) in enumerate(
            zip(
                rows["timestamp"].tolist(),
                rows["local_timestamp"].tolist(),
                rows["side"].tolist(),
                rows["price"].tolist(),
                rows["amount"].tolist(),
                strict=True,
            )
        )
    ]


def replay(instruments, events):
    config = BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True))
    engine = BacktestEngine(config=config)
    engine.add_venue(
        venue=VENUE,
        oms_type=OmsType.NETTING,
        account_type=AccountType.MARGIN,
        base_currency=None,
        starting_balances=[Money(1_000_000, USDT)],
        book_type=BookType.L2_MBP,
    )
    for one in instruments:
        engine.add_instrument(one)
    for some in events:
        # The last of them puts all in the order of their arrival.
        engine.add_data(some, sort=some is events[-1])
    strategy = EachMinute(EachMinuteConfig(instrument_ids=[one.id for one in instruments]))
    engine.add_strategy(strategy)
    begin = time.perf_counter()
    engine.run()
    seconds = time.perf_counter() - begin
    filled = len([order for order in engine.cache.orders() if order.is_closed])
    looks, total = strategy.looks, strategy.total
    engine.dispose()
    return seconds, filled, looks, total


def main(mirror, exchange, symbols, date, minutes, rounds):
    instruments = [instrument(name) for name in symbols.split(",")]
    events = []
    for one in instruments:
        name = str(one.id.symbol)
        wanted = (mirror, exchange)
        changes = rows_of(*wanted, "incremental_book_L2", name, date, int(minutes))
        trades = rows_of(*wanted, "trades", name, date, int(minutes))
        events += [book_events(one.id, changes), trade_events(one.id, trades)]
    done = [replay(instruments, events) for _ in range(int(rounds))]
    seconds, filled, looks, total = min(done)
    count = sum(len(some) for some in events)
    print(json.dumps({"events": count, "seconds": seconds, "filled": filled, "looks": looks, "sum": total}))


main(*sys.argv[1:])
