"""One fit of stored rows by scikit-learn's newton-cholesky.

    python sklearn_logistic.py INPUTS OUTCOME C

The files hold doubles, inputs row by row; C is the inverse of what half a square of a weight costs in units of a row's loss.
Prints the seconds from rows in memory to weights, and the weights, as one JSON line.
"""
import json
import sys
import time

import numpy as np
from sklearn.linear_model import LogisticRegression

inputs, outcome, c = sys.argv[1:]
y = np.fromfile(outcome)
x = np.fromfile(inputs).reshape(len(y), -1)
begin = time.perf_counter()
model = LogisticRegression(solver="newton-cholesky", C=float(c)).fit(x, y)
seconds = time.perf_counter() - begin
print(json.dumps({"seconds": seconds, "weights": model.coef_[0].tolist(), "intercept": model.intercept_[0]}))
