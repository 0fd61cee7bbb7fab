"""200 seeded sets of points, the same every time: 195 of at most 1,000, 4 of 2,000 and 1 of 10,000."""
import numpy as np

DIMS = (2, 3, 5, 8, 16, 31, 64, 128, 257, 512)


def blobs(rng, n, d, spread=0.3, noise=0.15):
    centres = rng.normal(size=(max(1, n // 40), d))
    x = centres[rng.integers(0, len(centres), n)] + rng.normal(size=(n, d)) * spread
    lost = rng.random(n) < noise
    x[lost] = rng.normal(size=(lost.sum(), d))
    return x


def unit(rng, n, d):
    x = blobs(rng, n, d, 0.8)
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def skewed(rng, n, d):
    centres = rng.normal(size=(12, d))
    shares = 1 / np.arange(1, 13) ** 1.5
    which = rng.choice(12, n, p=shares / shares.sum())
    return centres[which] + rng.normal(size=(n, d)) * (0.1 + 0.05 * which[:, None])


def duplicates(rng, n, d):
    x = unit(rng, n, d)
    x[:: 7] = x[n // 2]
    x[1:: 9] = x[(np.arange(len(x[1::9])) * 5) % n]
    return x


def near_duplicates(rng, n, d):
    x = unit(rng, n, d)
    x[n // 2:] = x[: n - n // 2] * (1 + 1e-6 * rng.normal(size=(n - n // 2, 1)))
    return x


KINDS = {
    "blobs": blobs,
    "unit": unit,
    "skewed": skewed,
    "noise": lambda rng, n, d: rng.normal(size=(n, d)),
    "uniform": lambda rng, n, d: rng.random((n, d)),
    "far away": lambda rng, n, d: 1000 + blobs(rng, n, d),
    "small": lambda rng, n, d: 1e-20 * blobs(rng, n, d),
    "large": lambda rng, n, d: 1e15 * blobs(rng, n, d),
    "outlier": lambda rng, n, d: np.vstack([blobs(rng, n - 1, d), np.full((1, d), 1e4)]) if n > 1 else np.ones((1, d)),
    "lengths": lambda rng, n, d: blobs(rng, n, d) * rng.lognormal(0, 2, size=(n, 1)),
    "tight": lambda rng, n, d: blobs(rng, n, d, 0.01, 0.02),
    "grid": lambda rng, n, d: rng.integers(-3, 4, size=(n, d)),
    "duplicates": duplicates,
    "near duplicates": near_duplicates,
    "identical": lambda rng, n, d: np.repeat(rng.normal(size=(1, d)), n, axis=0),
}


def all_sets():
    """Yields (name, float32 rows, options of hdbscan_file)."""
    rng = np.random.default_rng(20)
    kinds = list(KINDS)
    for number in range(200):
        kind = kinds[number % len(kinds)]
        n = int(rng.integers(20, 1001))
        d = DIMS[int(rng.integers(len(DIMS)))]
        if number < 10:
            n = (1, 2, 3, 4, 5, 6, 7, 10, 11, 49)[number]
        elif number in (30, 61, 92, 123):  # blobs, unit, skewed, noise
            n, d = 2000, (512, 128, 64, 16)[(number - 30) // 31]
        elif number == 150:
            n, d = 10_000, 16
        options = {"min_cluster_size": int(rng.integers(2, 12)), "method": ("excess_of_mass", "leaf")[number % 3 == 2]}
        if number % 2 == 0:  # then no two edges weigh the same, unless distances are equal
            options["min_samples"] = 1
        elif number % 5 == 0:
            options["min_samples"] = int(rng.integers(2, 30))
        if number % 7 == 3:
            options["epsilon"] = -1  # set by the test, from the tree
        yield f"{number} {kind} {n} x {d}", np.ascontiguousarray(KINDS[kind](rng, n, d), np.float32), options
