"""Writes data/golden/metrics.json: classification metrics as scikit-learn computes them, on many random inputs.

Where outcome or probability is a tie of one half, a row is two half rows, one on either side, which scikit-learn knows as
sample weights. Its Brier loss has no such halves and is left out there.

usage: python metrics.py > data/golden/metrics.json   (needs scikit-learn: pip install --target DIR scikit-learn)
"""
import json
import math
import random
import warnings

import sklearn
from sklearn import metrics

random.seed(20261123)
warnings.simplefilter("ignore")  # one-class cases are meant


def halves(probability, outcome):
    """Rows as (probability, side called, outcome, weight), ties split."""
    for p, y in zip(probability, outcome):
        calls = [(1, 0.5), (0, 0.5)] if p == 0.5 else [(int(p > 0.5), 1)]
        outcomes = [(1, 0.5), (0, 0.5)] if y == 0.5 else [(int(y), 1)]
        for call, a in calls:
            for side, b in outcomes:
                yield p, call, side, a * b


def number(value):
    return None if math.isnan(value) else float(value)


def case(name, rows, digits=None, up_share=None, tie_share=0.0):
    probability = [random.random() for _ in range(rows)]
    if digits is not None:  # rounding makes equal scores, which ranks must treat as one
        probability = [round(p, digits) for p in probability]
    chance = (lambda p: 0.2 + 0.6 * p) if up_share is None else (lambda p: up_share)
    outcome = [int(random.random() < chance(p)) for p in probability]
    outcome = [0.5 if random.random() < tie_share else y for y in outcome]
    p, call, y, weight = zip(*halves(probability, outcome))
    has_ties = 0.5 in outcome
    return {
        "name": name,
        "probability": probability,
        "outcome": outcome,
        "accuracy": metrics.accuracy_score(y, call, sample_weight=weight),
        "balancedAccuracy": metrics.balanced_accuracy_score(y, call, sample_weight=weight),
        "matthewsCorrelation": metrics.matthews_corrcoef(y, call, sample_weight=weight),
        "auc": number(metrics.roc_auc_score(y, p, sample_weight=weight)),
        "brierLoss": None if has_ties else metrics.brier_score_loss(y, p, sample_weight=weight, labels=[0, 1]),
        "logLoss": metrics.log_loss(y, p, sample_weight=weight, labels=[0, 1]),
    }


cases = [case("distinct scores", 300), case("tied scores", 300, digits=1)]
for rows in (1, 2, 3, 7, 30, 150, 900):
    for repeat in range(1 if rows > 200 else 3):
        cases += [
            case(f"{rows} rows, many scores, {repeat}", rows, digits=4),
            case(f"{rows} rows, few scores, {repeat}", rows, digits=1),
            case(f"{rows} rows, tied outcomes, {repeat}", rows, digits=1, tie_share=0.2),
            case(f"{rows} rows, rare ups, {repeat}", rows, digits=3, up_share=0.03),
            case(f"{rows} rows, rare downs, {repeat}", rows, digits=2, up_share=0.95),
        ]
for rows in (1, 5, 60):
    cases += [
        case(f"{rows} rows, ups only", rows, digits=2, up_share=1),
        case(f"{rows} rows, downs only", rows, digits=2, up_share=0),
        case(f"{rows} rows, scores of 0 and 1", rows, digits=0),
    ]

print(json.dumps({"origin": f"scikit-learn {sklearn.__version__}, tools/goldens/metrics.py", "cases": cases}))
