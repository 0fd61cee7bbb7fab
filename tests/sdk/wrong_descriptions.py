"""wrong_descriptions.py INCLUDE COMPILER DESCRIBE: flowrun-describe refuses each plugin in faults/ with one sentence, the
one at its head, and writes no sidecar."""
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from source_texts import expected_text


def find_fault(path, include, compiler, describe):
    with tempfile.TemporaryDirectory() as folder:
        library = pathlib.Path(folder) / (path.stem + '.so')
        subprocess.run([compiler, '-std=c++20', '-shared', '-fPIC', f'-I{include}', str(path), '-o', str(library)], check=True)
        run = subprocess.run([describe, str(library)], capture_output=True, text=True)
        wanted = f'{library.name}: {expected_text(path)}\n'
        if run.returncode != 1 or run.stdout or run.stderr != wanted:
            return f'exit {run.returncode}; right: exit 1 and this text:\n{wanted}seen:\n{run.stdout}{run.stderr}'
        left = sorted(p.name for p in pathlib.Path(folder).iterdir())
        return None if left == [library.name] else f'it left {left}'


def main():
    include, compiler, describe = sys.argv[1:]
    files = sorted((pathlib.Path(__file__).parent / 'faults').glob('*.cpp'))
    with ThreadPoolExecutor(2) as pool:
        faults = list(pool.map(lambda path: find_fault(path, include, compiler, describe), files))
    for path, fault in zip(files, faults):
        print(f'FAILED {path.name}: {fault}' if fault else f'{path.stem}: {expected_text(path)}')
    return 1 if any(faults) or not files else 0


sys.exit(main())
