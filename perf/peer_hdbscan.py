"""peer_hdbscan.py NAME IN COUNT DIMS OUT: one clustering by a library of Python, in a process of its own. Labels (int32)
into OUT; seconds (without imports, reading and compiling) and the largest resident memory, MiB, as JSON."""
import json
import os
import re
import sys
import time

import numpy as np

SIZE = 5  # min_cluster_size, and the neighbour that gives the core distance, the point itself left out


def make(name):
    if name == "hdbscan":
        import hdbscan
        return hdbscan.HDBSCAN(min_cluster_size=SIZE, min_samples=SIZE, core_dist_n_jobs=os.cpu_count())
    if name == "sklearn brute":
        import sklearn.cluster
        return sklearn.cluster.HDBSCAN(min_cluster_size=SIZE, min_samples=SIZE + 1, algorithm="brute", copy=False,
                                       n_jobs=os.cpu_count())  # its min_samples counts the point itself
    import fast_hdbscan
    return fast_hdbscan.HDBSCAN(min_cluster_size=SIZE, min_samples=SIZE)


def main(name, path, count, dims, out):
    x = np.fromfile(path, np.float32).reshape(int(count), int(dims))
    make(name).fit(x[:2000].copy())  # compiles
    begin = time.perf_counter()
    labels = make(name).fit(x).labels_
    seconds = time.perf_counter() - begin
    labels.astype(np.int32).tofile(out)
    with open("/proc/self/status") as f:  # getrusage() counts what the parent had when it started this process
        peak = int(re.search(r"VmHWM:\s*(\d+) kB", f.read()).group(1)) / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak}))


main(*sys.argv[1:])
