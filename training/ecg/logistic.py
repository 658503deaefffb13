"""Logistic regression on standardised features, as src/assistants/ecg/logistic_model.cpp evaluates it."""
import numpy as np

FARTHEST = 4.0  # standard deviations; as in logistic_model.cpp
RIDGE = 1.0


def terms(features, mean, deviation, squares=True):
    z = np.clip((features - mean) / deviation, -FARTHEST, FARTHEST)
    return np.hstack([z] + ([z**2] if squares else []) + [np.ones((len(z), 1))])


def fit(x, y, ridge=RIDGE):
    """Newton's method with a ridge on all weights but the intercept, which is the last."""
    weights = np.zeros(x.shape[1])
    penalty = np.full(x.shape[1], ridge)
    penalty[-1] = 0
    for _ in range(50):
        p = probabilities(x, weights)
        gradient = x.T @ (p - y) + penalty * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def probabilities(x, weights):
    return 1 / (1 + np.exp(-x @ weights))


def model_json(names, mean, deviation, weights):
    count = len(names)
    squares = len(weights) == 2 * count + 1
    return {
        "intercept": round(float(weights[-1]), 6),
        "terms": [{"feature": name, "mean": round(float(mean[i]), 6), "deviation": round(float(deviation[i]), 6),
                   "weight": round(float(weights[i]), 6),
                   "square_weight": round(float(weights[count + i]), 6) if squares else 0.0}
                  for i, name in enumerate(names)],
    }
