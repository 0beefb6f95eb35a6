"""hftbacktest's book of a day in memory: python hftbacktest_book.py EVENTS MOMENTS ROUNDS DEPTH ROWS

DEPTH is hashmap or roi (a vector over all prices of the day). ROWS is both (as the converter has marked them: for the
exchange's side and the local one, which keep a book each) or local (for the local side alone). Waits for each feed
message in compiled code and looks at the best prices after it. Prints seconds of that alone, and the best levels at the
moments, as JSON; an empty level is null.
"""

import json
import sys
import time

import numpy as np
from hftbacktest import (
    EXCH_EVENT,
    BacktestAsset,
    HashMapMarketDepthBacktest,
    ROIVectorMarketDepthBacktest,
)
from numba import njit

LEVELS = 5
TICK = 0.1
LOT = 0.001
#: Nanoseconds; longer than any day.
FOREVER = 10**15
#: What wait_next_feed returns.
END_OF_DATA = 1
FEED = 2


@njit
def follow(hbt):
    """Number of messages, and a sum that needs every best price."""
    messages = 0
    total = 0.0
    while True:
        code = hbt.wait_next_feed(False, FOREVER)
        depth = hbt.depth(0)
        total += depth.best_bid + depth.best_ask
        messages += 1
        if code != FEED:
            return messages, total, code


@njit
def levels_at(hbt, moments, found, low, high):
    """Fills in the best levels after each of the messages; returns how many were filled in."""
    message = 0
    done = 0
    while True:
        code = hbt.wait_next_feed(False, FOREVER)
        if done < len(moments) and moments[done] == message:
            fill(hbt.depth(0), found[done], low, high)
            done += 1
        message += 1
        if code != FEED:
            return done


@njit
def fill(depth, row, low, high):
    level = 0
    tick = depth.best_bid_tick
    while level < LEVELS and low <= tick <= high:
        amount = depth.bid_qty_at_tick(tick)
        if amount > 0:
            row[level] = tick
            row[LEVELS + level] = amount
            level += 1
        tick -= 1
    level = 0
    tick = depth.best_ask_tick
    while level < LEVELS and low <= tick <= high:
        amount = depth.ask_qty_at_tick(tick)
        if amount > 0:
            row[2 * LEVELS + level] = tick
            row[3 * LEVELS + level] = amount
            level += 1
        tick += 1


def backtest(events, depth, low, high):
    asset = (
        BacktestAsset()
        .data(events)
        .linear_asset(1.0)
        .constant_latency(0, 0)
        .risk_adverse_queue_model()
        .no_partial_fill_exchange()
        .trading_value_fee_model(0, 0)
        .tick_size(TICK)
        .lot_size(LOT)
        .last_trades_capacity(0)
    )
    if depth == "hashmap":
        return HashMapMarketDepthBacktest([asset])
    return ROIVectorMarketDepthBacktest([asset.roi_lb(low * TICK).roi_ub(high * TICK)])


def main(path, moments_path, rounds, depth, rows):
    events = np.load(path)
    if rows == "local":
        events["ev"] &= ~np.uint64(EXCH_EVENT)
    with open(moments_path) as file:
        moments = np.array(json.load(file))
    prices = events["px"]
    low, high = round(prices.min() / TICK), round(prices.max() / TICK)
    found = np.full((len(moments), 4 * LEVELS), np.nan)

    # Compiles all, which is not timed, and finds the levels.
    hbt = backtest(events, depth, low, high)
    done = levels_at(hbt, moments, found, low, high)
    hbt.close()
    hbt = backtest(events[: min(len(events), 3000)], depth, low, high)
    follow(hbt)
    hbt.close()

    seconds = []
    for _ in range(int(rounds)):
        hbt = backtest(events, depth, low, high)
        begin = time.perf_counter()
        messages, total, code = follow(hbt)
        seconds.append(time.perf_counter() - begin)
        hbt.close()
        if code != END_OF_DATA or not total > 0:
            raise RuntimeError(f"ended with code {code} after {messages} messages")
    levels = [[None if np.isnan(x) else float(x) for x in row] for row in found[:done]]
    first, fastest = seconds[0], min(seconds)
    print(json.dumps({"first": first, "fastest": fastest, "messages": messages, "levels": levels}))


main(*sys.argv[1:])
