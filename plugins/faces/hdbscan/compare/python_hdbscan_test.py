"""python_hdbscan_test.py HDBSCAN_FILE [SETS]: 200 seeded sets against Python's hdbscan.

- The weights of the spanning tree are those of hdbscan, 1e-12 relative.
- hdbscan's own tree code on our tree gives the same labels, probabilities (1e-9) and outlier scores.
- Where no two weights are equal, hdbscan alone gives the same clusters: adjusted Rand 1.
- Every kernel and 1 or 2 threads give the same bytes, on a way through the search that differs from set to set; so does
  the default way, and permuted input, where no two weights are equal."""
import sys
import tempfile
import warnings

import numpy as np

import clustering_file
import made_sets

warnings.filterwarnings("ignore")
from hdbscan._hdbscan_linkage import label, mst_linkage_core, mst_linkage_core_vector  # noqa: E402
from hdbscan._hdbscan_reachability import mutual_reachability  # noqa: E402
from hdbscan._hdbscan_tree import outlier_scores  # noqa: E402
from hdbscan.dist_metrics import DistanceMetric  # noqa: E402
from hdbscan.hdbscan_ import _tree_to_labels  # noqa: E402
from scipy.spatial.distance import cdist  # noqa: E402
from sklearn.metrics import adjusted_rand_score  # noqa: E402
from sklearn.neighbors import KDTree  # noqa: E402

KERNELS = ("portable", "avx2", "avx512", "avx512_bfloat16", "avx512_int8")
WAYS = ({"near": 0.01, "sampled_points": 16}, {"near": 2, "kept_pairs": 500}, {"near": 8}, {"near": 1e9, "kept_pairs": 200},
        {"near": 0.5, "sampled_points": 2, "kept_pairs": 100})
DISTINCT_WANTED = 60


def reference_tree(x, k):
    """hdbscan's spanning tree by distances of direct differences, lightest edge first."""
    x = x.astype(np.float64)
    if len(x) <= 2000:
        tree = mst_linkage_core(mutual_reachability(cdist(x, x), k))
    else:
        core = KDTree(x).query(x, k + 1)[0][:, -1].copy()
        tree = mst_linkage_core_vector(x, core, DistanceMetric.get_metric("euclidean"), 1.0)
    return tree[np.argsort(tree[:, 2], kind="stable")]


def tree_to_labels(tree, options):
    return _tree_to_labels(None, label(np.ascontiguousarray(tree)), options["min_cluster_size"],
                           {"excess_of_mass": "eom", "leaf": "leaf"}[options["method"]],
                           cluster_selection_epsilon=options.get("epsilon", 0.0))


def kernels_here(program, path, work):
    def runs(kernel):
        try:
            clustering_file.run(program, path, 1, 2, work, kernel=kernel)
            return True
        except RuntimeError as e:
            assert "this machine has no kernel" in str(e), e
            return False
    return [k for k in KERNELS if runs(k)]


class Test:
    def __init__(self, program, work):
        self.program, self.points, self.out = program, f"{work}/points", f"{work}/out"
        np.zeros(2, np.float32).tofile(self.points)
        self.kernels = kernels_here(program, self.points, self.out)
        self.distinct = 0

    def cluster(self, x, **options):
        x.tofile(self.points)
        return clustering_file.run(self.program, self.points, *x.shape, self.out, **options)

    def check(self, number, x, options):
        n = len(x)
        if n == 1:
            alone = self.cluster(x, **options)
            assert alone.labels.tolist() == [-1] and alone.probabilities.tolist() == [0.0], alone.labels
            return "alone"
        k = max(1, min(n - 1, options.get("min_samples", options["min_cluster_size"])))
        reference = reference_tree(x, k)
        if "epsilon" in options:
            options["epsilon"] = float(np.quantile(reference[:, 2], 0.6))
        ours = self.cluster(x, **options)
        weights = reference[:, 2]
        np.testing.assert_allclose(ours.weights, weights, rtol=1e-12, atol=0)

        labels, probabilities, _, condensed, _ = tree_to_labels(np.column_stack([ours.ends, ours.weights]), options)
        np.testing.assert_array_equal(ours.labels, labels)
        np.testing.assert_allclose(ours.probabilities, probabilities, rtol=0, atol=1e-9)
        scores = outlier_scores(condensed)
        scores[np.isnan(scores)] = 1  # hdbscan's (inf - x) / inf
        np.testing.assert_allclose(ours.outlier_scores, scores, rtol=0, atol=1e-9)

        distinct = bool((np.diff(weights) > 1e-12 * weights[1:]).all())
        self.check_ways(number, x, options, ours, distinct)
        if distinct:
            self.distinct += 1
            rand = adjusted_rand_score(tree_to_labels(reference, options)[0], ours.labels)
            assert rand == 1.0, f"adjusted Rand {rand}"
            self.check_permuted(x, options, ours)
        return f"{ours.labels.max() + 1} clusters, {(ours.labels < 0).sum()} points in none" + ", distinct" * distinct

    def check_ways(self, number, x, options, ours, distinct):
        way = WAYS[number % len(WAYS)]
        bytes_of = {(kernel, threads): self.cluster(x, kernel=kernel, threads=threads, **way, **options)
                    for kernel in self.kernels for threads in (1, 2)}
        first = next(iter(bytes_of.values()))
        for what, other in bytes_of.items():
            assert other.bytes == first.bytes, f"{what} differs from {next(iter(bytes_of))} on {way}"
        np.testing.assert_array_equal(first.weights, ours.weights)
        if distinct:
            assert first.bytes == ours.bytes, f"{way} differs from the default way"

    def check_permuted(self, x, options, ours):
        order = np.random.default_rng(len(x)).permutation(len(x))
        permuted = self.cluster(np.ascontiguousarray(x[order]), **options)
        np.testing.assert_array_equal(permuted.weights, ours.weights)
        np.testing.assert_array_equal(permuted.probabilities, ours.probabilities[order])
        np.testing.assert_array_equal(permuted.outlier_scores, ours.outlier_scores[order])
        pairs = set(zip(permuted.labels.tolist(), ours.labels[order].tolist()))  # the numbers may differ
        assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs}), "other clusters when permuted"


def main(program, most=200):
    checked = 0
    with tempfile.TemporaryDirectory() as work:
        test = Test(program, work)
        for number, (name, x, options) in enumerate(made_sets.all_sets()):
            if number >= most:
                break
            try:
                found = test.check(number, x, options)
                print(f"{name} {options}: {found}", flush=True)
            except Exception as e:
                raise SystemExit(f"FAILED: {name} {options}: {e}") from e
            checked += 1
    print(f"{checked} sets by {', '.join(test.kernels)}; no two weights are equal in {test.distinct} of them")
    if most >= 200 and test.distinct < DISTINCT_WANTED:
        raise SystemExit(f"FAILED: {DISTINCT_WANTED} sets without equal weights were wanted")


main(sys.argv[1], *map(int, sys.argv[2:]))
