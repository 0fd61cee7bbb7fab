"""What hdbscan_file writes, read."""
import json
import subprocess

import numpy as np


class Clustering:
    def __init__(self, path, count, figures):
        with open(path, "rb") as f:
            self.bytes = f.read()
        self.figures = figures
        edges = max(count - 1, 0)
        at = 0

        def take(dtype, items):
            nonlocal at
            values = np.frombuffer(self.bytes, dtype, items, at)
            at += values.nbytes
            return values

        self.labels = take(np.int32, count)
        self.probabilities = take(np.float64, count)
        self.outlier_scores = take(np.float64, count)
        self.weights = take(np.float64, edges)
        self.ends = take(np.uint32, 2 * edges).reshape(-1, 2)
        assert at == len(self.bytes), f"{path} has {len(self.bytes)} bytes, {at} were expected"


def run(program, points_path, count, dims, out, **options):
    """Clusters the float32 rows of a file."""
    words = [f"{name}={value}" for name, value in options.items()]
    done = subprocess.run([program, points_path, str(count), str(dims), out, *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
    return Clustering(out, count, json.loads(done.stdout))
