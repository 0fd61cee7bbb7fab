"""The points perf/hdbscan.py clusters: unit rows of 512 float32, like embeddings of faces."""
import numpy as np

DIMS = 512


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def easy(n):
    """Identities of about 50 photos, all as wide; 10 % belong to nobody."""
    rng = np.random.default_rng(7)
    centres = unit(rng.normal(size=(n // 50, DIMS)))
    who = rng.integers(0, len(centres), size=n)
    nobody = rng.random(n) < 0.1
    x = centres[who] + rng.normal(size=(n, DIMS)) / np.sqrt(DIMS) * 0.8
    x[nobody] = rng.normal(size=(nobody.sum(), DIMS))
    return unit(x).astype(np.float32)


def hard(n):
    """Identities of 2 photos up to 6 % of all, few coordinates with most of the length, widths that differ by identity
    and photo; 10 % junk on one side, 2 % exact duplicates."""
    rng = np.random.default_rng(11)
    sizes = []
    while sum(sizes) < int(n * 0.88):
        sizes.append(int(min(n * 0.06, 2 + rng.pareto(0.9) * 6)))
    shape = 1 / np.arange(1, DIMS + 1) ** 0.4
    shape /= np.linalg.norm(shape)
    centres = unit(rng.normal(size=(len(sizes), DIMS)) * shape)
    who = np.repeat(np.arange(len(sizes)), sizes)[: int(n * 0.88)]
    width = rng.uniform(0.4, 1.1, size=len(sizes))[who] * rng.lognormal(0, 0.25, size=len(who))
    x = centres[who] + rng.normal(size=(len(who), DIMS)) * shape * width[:, None]
    same = int(n * 0.02)
    junk = rng.normal(size=(n - len(who) - same, DIMS)) * shape + 0.6 * shape * np.sign(rng.normal(size=DIMS))
    x = unit(np.vstack([x, junk]))
    x = np.vstack([x, x[rng.integers(0, len(x), same)]])
    return x[rng.permutation(n)].astype(np.float32)


KINDS = {"easy": easy, "hard": hard}
