"""Model files for tests of whole runs: a YAML file, and the file it names, with its true sha256."""
import hashlib
import os

# Inputs and outputs as the stages of probe_models want them.
MODEL = """flowrun_model: 1
name: %(name)s
task: %(task)s
files: [{backend: %(backend)s, path: %(name)s.%(backend)s, sha256: %(sha256)s%(more)s}]
inputs: [{name: row, shape: [4]}]
outputs: [{name: answer, shape: [4]}]
needs: {resident: 512MiB, per_row: 192MiB, fixed: 32MiB}
"""


def write_model(folder, name, content="row_us 100\n", backend="sim", task="probe", more=""):
    """Writes NAME.yaml and NAME.BACKEND: for sim a cost curve, for flaky its faults, for torch a
    network. Returns the latter's sha256."""
    os.makedirs(folder, exist_ok=True)
    content = content.encode() if isinstance(content, str) else content
    sha256 = hashlib.sha256(content).hexdigest()
    with open(os.path.join(folder, name + "." + backend), "wb") as f:
        f.write(content)
    with open(os.path.join(folder, name + ".yaml"), "w", encoding="utf-8") as f:
        f.write(MODEL % {"name": name, "task": task, "backend": backend, "sha256": sha256, "more": more})
    return sha256
