"""wrong_callables.py INCLUDE COMPILER: each stage in wrong/ fails to compile with the sentence at its head, once."""
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / 'sdk'))
from source_texts import expected_text  # noqa: E402


def find_fault(path, include, compiler):
    command = [compiler, '-std=c++20', '-fsyntax-only', '-fmessage-length=0', f'-I{include}', str(path)]
    run = subprocess.run(command, capture_output=True, text=True, env={'LC_ALL': 'C', 'PATH': '/usr/bin:/bin'})
    sentences = re.findall(r'error: static assertion failed: (.*)', run.stderr)
    errors = len(re.findall(r'\berror:', run.stderr))
    if run.returncode == 0:
        return 'it compiles'
    if errors != 1 or sentences != [expected_text(path)]:
        return f'{errors} errors; right: one: {expected_text(path)}\n{run.stderr}'
    return None


def main():
    include, compiler = sys.argv[1:]
    files = sorted((HERE / 'wrong').glob('*.cpp'))
    faults = {path.name: fault for path in files if (fault := find_fault(path, include, compiler))}
    for name, fault in faults.items():
        print(f'FAILED {name}: {fault}')
    print(f'{len(files) - len(faults)} of {len(files)} as expected')
    return 1 if faults or not files else 0


sys.exit(main())
