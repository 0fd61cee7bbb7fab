"""wrong_stages.py INCLUDE COMPILER: each stage in wrong/ fails to compile with one sentence, the one at its head."""
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from source_texts import expected_text

MOST_LINES = 13


def find_fault(path, include, compiler):
    command = [compiler, '-std=c++20', '-fsyntax-only', '-Wall', '-Wextra', '-fmessage-length=0', f'-I{include}', str(path)]
    run = subprocess.run(command, capture_output=True, text=True, env={'LC_ALL': 'C', 'PATH': '/usr/bin:/bin'})
    sentences = re.findall(r'error: static assertion failed: (.*)', run.stderr)
    errors = len(re.findall(r'\berror:', run.stderr))
    lines = run.stderr.splitlines()
    if run.returncode == 0:
        return 'it compiles'
    if errors != 1 or sentences != [expected_text(path)] or len(lines) > MOST_LINES:
        return (f'{errors} errors in {len(lines)} lines; right: one, in at most {MOST_LINES} lines: '
                f'{expected_text(path)}\n{run.stderr}')
    print(f'{path.stem}: {len(lines)} lines')
    return None


def main():
    include, compiler = sys.argv[1:]
    files = sorted((pathlib.Path(__file__).parent / 'wrong').glob('*.cpp'))
    with ThreadPoolExecutor(2) as pool:
        faults = list(pool.map(lambda path: find_fault(path, include, compiler), files))
    for path, fault in zip(files, faults):
        if fault:
            print(f'FAILED {path.name}: {fault}')
    print(f'{len(files) - sum(map(bool, faults))} of {len(files)} as expected')
    return 1 if any(faults) or not files else 0


sys.exit(main())
