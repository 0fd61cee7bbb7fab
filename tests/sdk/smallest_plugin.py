"""smallest_plugin.py SOURCE_DIR COMPILER...: the plugin of the documents is the one that is built, and each compiler
takes under 3 s for it, without a warning."""
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

MOST_SECONDS = 3.0
FLAGS = ['-std=c++20', '-O2', '-fPIC', '-fvisibility=hidden', '-Wall', '-Wextra', '-Werror']


def check_documents(root, plugin):
    """Every C++ block of the documents that shows the plugin shows this one. Returns how many there are."""
    shown = 0
    for page in [root / 'README.md', *sorted((root / 'docs').rglob('*.md'))]:
        if not page.exists():
            continue
        for block in re.findall(r'^```cpp\n(.*?)^```', page.read_text(), re.S | re.M):
            if 'FLOWRUN_PLUGIN("basic"' not in block:
                continue
            shown += 1
            if block != plugin.read_text():
                raise SystemExit(f'{page}: its plugin is not byte for byte {plugin}')
    return shown


def measure(compiler, plugin, include, folder):
    """CPU and wall seconds of one compilation: the wall shows other work on the machine too."""
    before, start = os.times(), time.monotonic()
    run = subprocess.run([compiler, *FLAGS, f'-I{include}', '-c', str(plugin), '-o', f'{folder}/plugin.o'],
                         capture_output=True, text=True)
    after = os.times()
    if run.returncode or run.stderr:
        raise SystemExit(f'{compiler}: {plugin} does not compile silently:\n{run.stderr}')
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return cpu, time.monotonic() - start


def main():
    root = pathlib.Path(sys.argv[1])
    plugin = root / 'examples/own_plugin/threshold.cpp'
    print(f'shown in {check_documents(root, plugin)} places of the documents')
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        for compiler in sys.argv[2:]:
            if not shutil.which(compiler):
                print(f'skipped: there is no {compiler}')
                continue
            times = [measure(compiler, plugin, root / 'sdk/include', folder) for _ in range(3)]
            cpu, wall = (statistics.median(t) for t in zip(*times))
            print(f'{compiler}: {cpu:.2f} s of CPU, {wall:.2f} s on the clock (medians of 3; at most {MOST_SECONDS} s of CPU)')
            slow = slow or cpu >= MOST_SECONDS
    return 1 if slow else 0


sys.exit(main())
