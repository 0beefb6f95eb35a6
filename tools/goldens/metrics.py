"""Writes data/golden/metrics.json: classification metrics as scikit-learn computes them.

usage: python metrics.py > data/golden/metrics.json   (needs scikit-learn)
"""
import json
import random

import sklearn
from sklearn import metrics

random.seed(20261123)


def case(name, rows, ties):
    probability = [random.random() for _ in range(rows)]
    if ties:  # rounding makes equal scores, which ranks must treat as one
        probability = [round(p, 1) for p in probability]
    outcome = [int(random.random() < 0.2 + 0.6 * p) for p in probability]
    inside = [min(max(p, 1e-9), 1 - 1e-9) for p in probability]
    side = [int(p > 0.5) for p in probability]
    return {
        "name": name,
        "probability": probability,
        "outcome": outcome,
        "logLossProbability": inside,
        "accuracy": None if ties else metrics.accuracy_score(outcome, side),
        "auc": metrics.roc_auc_score(outcome, probability),
        "brierLoss": metrics.brier_score_loss(outcome, probability),
        "logLoss": metrics.log_loss(outcome, inside),
    }


print(json.dumps({
    "origin": f"scikit-learn {sklearn.__version__}, tools/goldens/metrics.py",
    "cases": [case("distinct scores", 300, False), case("tied scores", 300, True)],
}))
