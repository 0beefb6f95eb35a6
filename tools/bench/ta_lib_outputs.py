"""Indicators as TA-Lib computes them.

    python ta_lib_outputs.py BARS_JSON > outputs.json

The input has lists `high`, `low`, `close` and `volume`, the output a list of the same length for each indicator, with null
where TA-Lib has no value. Needs TA-Lib of PyPI, which brings the C library.
"""
import json
import math
import sys

import numpy as np
import talib


def windows(indicator, n, *columns):
    """An indicator over n bars, each time from them alone: TA-Lib's running sums keep the rounding of large values."""
    values = [indicator(*(column[i - n + 1 : i + 1] for column in columns))[-1] for i in range(n - 1, len(columns[0]))]
    return np.concatenate([np.full(n - 1, np.nan), values])


def outputs(high, low, close, volume):
    macd, signal, _ = talib.MACD(close, 12, 26, 9)
    k, _ = talib.STOCHF(high, low, close, 14, 1)
    _, d = talib.STOCHF(high, low, close, 14, 3)
    upper, middle, lower = talib.BBANDS(close, 20, 2, 2)
    return {
        "ema12": talib.EMA(close, 12),
        "ema26": talib.EMA(close, 26),
        "sma50": talib.SMA(close, 50),
        "macd": macd,
        "signal": signal,
        "rsi14": talib.RSI(close, 14),
        "stochK14": k,
        "stochD3": d,
        "cci20": talib.CCI(high, low, close, 20),
        "adx14": talib.ADX(high, low, close, 14),
        "atr14": talib.ATR(high, low, close, 14),
        "upper20": upper,
        "middle20": middle,
        "lower20": lower,
        "obv": talib.OBV(close, volume),
        "mfi14": windows(lambda *bars: talib.MFI(*bars, 14), 15, high, low, close, volume),
    }


def lists(columns):
    """Columns as JSON has them; Python prints the shortest digits that give the same double, at most 17."""
    return {name: [None if math.isnan(x) else x for x in values.tolist()] for name, values in columns.items()}


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        bars = json.load(file)
    columns = [np.array(bars[name], dtype=float) for name in ("high", "low", "close", "volume")]
    json.dump(lists(outputs(*columns)), sys.stdout)
