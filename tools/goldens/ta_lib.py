"""Writes data/golden/ta-lib.json: indicators of random one-minute candles as TA-Lib computes them.

usage: python ta_lib.py > data/golden/ta-lib.json   (needs TA-Lib 0.8.2 of PyPI, which brings the C library)

Prices are whole ticks. Volumes have few bits, so that TA-Lib's running sum of them is exact. The hash in the file is that
of the text of its series.
"""
import hashlib
import json
import math
import random
import sys
from pathlib import Path

import numpy as np
import talib

sys.path.append(str(Path(__file__).parents[1] / "bench"))
from ta_lib_outputs import lists, outputs


def candles(start, ticks_a_move, bars):
    """Trading of changing pace, gaps, prices that stand still with and without trades. High, low, close in ticks."""
    rows = []
    close = start
    while len(rows) < bars:
        kind = random.choice(["trade", "trade", "trade", "one price", "no trade"])
        pace = ticks_a_move * math.exp(random.uniform(-2, 2))
        largest = random.randrange(-19, 17)
        for _ in range(random.randrange(1, 60 if kind == "trade" else 28)):
            volume = random.randrange(1, 16) * 2.0 ** random.randrange(-20, largest)
            if kind == "no trade" or (kind == "trade" and random.random() < 0.05):
                rows.append((close, close, close, 0.0))
                continue
            if kind == "one price":
                rows.append((close, close, close, volume))
                continue
            gap = 40 * pace if random.random() < 0.02 else 0
            path = [close + round(random.gauss(0, gap))]
            for _ in range(random.randrange(4)):
                path.append(path[-1] + round(random.gauss(0, pace)))
            close = max(path[-1], start // 2)
            rows.append((max(path + [close]), min(path + [close]), close, volume))
    return np.array(rows[:bars], dtype=float).T


def series(name, seed, start, tick, ticks_a_move, bars, still=0):
    random.seed(seed)
    high, low, close, volume = candles(start, ticks_a_move, bars)
    # The first bar of a stream has a trade; `still` bars at one price come before all others.
    high, low, close = (np.round(np.concatenate([np.full(still + 1, start), x]) * tick, 8) for x in (high, low, close))
    volume = np.concatenate([np.ones(still + 1), volume])
    numbers = {"high": high, "low": low, "close": close, "volume": volume}
    return {"name": name} | lists(numbers | outputs(**numbers))


body = json.dumps([
    series("a price in cents", 20261130, 10_000, 0.01, 3, 1100),
    series("a coin worth little, that begins with one price", 20261201, 4_000, 1e-8, 4, 750, still=40),
    series("a price in tenths, of many ticks", 20261202, 600_000, 0.1, 200, 550),
], separators=(",", ":"))
library = talib.__ta_version__.decode().split()[0]
print(json.dumps({
    "origin": f"TA-Lib {library} by its wheel {talib.__version__}, tools/goldens/ta_lib.py",
    "sha256": hashlib.sha256(body.encode()).hexdigest(),
})[:-1] + f', "series": {body}}}')
