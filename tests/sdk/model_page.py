"""model_page.py SOURCE_DIR DESCRIBE COMPILER...: the model stages and the device stage that docs/writing-a-stage.md shows
compile without a warning, are described as plugins, and the tests it shows beside them pass."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MODEL, SIZES, DEVICE = '## A stage with a model', '## Rows of several sizes', '## Several calls of networks'
PLUGIN = re.compile(r'^FLOWRUN_PLUGIN\(.*\)\n', re.M)
FLAGS = ['-std=c++20', '-O1', '-Wall', '-Wextra', '-Wshadow', '-Werror']


def read_blocks(page, heading, right):
    """The section's C++ blocks, whose kinds are `right`: a plugin, one more of its stages, a test of the first."""
    section = page.read_text().split(heading + '\n')[1].split('\n## ')[0]
    blocks = re.findall(r'^```cpp\n(.*?)^```', section, re.S | re.M)
    kinds = ['plugin' if PLUGIN.search(b) else 'test' if 'int main()' in b else 'stage' for b in blocks]
    if kinds != right:
        raise SystemExit(f'{page}: {heading} has the C++ blocks {kinds}; right: {right}')
    return blocks


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode or done.stderr:
        raise SystemExit(f'{" ".join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout


def describe_plugin(compile_it, describe, folder, file, text, plugin, shape, stages):
    (folder / f'{file}.cpp').write_text(text)
    run(*compile_it, '-fPIC', '-shared', '-Wl,--build-id', folder / f'{file}.cpp', '-o', folder / f'{file}.so')
    run(describe, folder / f'{file}.so')
    told = json.loads((folder / f'{plugin}.plugin.json').read_text())['stages']
    if [stage['name'] for stage in told] != stages or any(stage['shape'] != shape for stage in told):
        raise SystemExit(f'{file}.cpp: described as {told}; right: the {shape} stages {stages}')


def main():
    root, describe = pathlib.Path(sys.argv[1]), sys.argv[2]
    page = root / 'docs/writing-a-stage.md'
    plugin, stage, test = read_blocks(page, MODEL, ['plugin', 'stage', 'test'])
    sized, = read_blocks(page, SIZES, ['stage'])
    all_three = (PLUGIN.sub('', plugin) + '\n' + stage + sized +
                 '\nFLOWRUN_PLUGIN("pets", "1.0.0", classify, corners, loudness)\n')
    outline, outline_test = read_blocks(page, DEVICE, ['plugin', 'test'])
    for compiler in sys.argv[3:]:
        if not shutil.which(compiler):
            print(f'skipped: there is no {compiler}')
            continue
        compile_it = (compiler, *FLAGS, f'-I{root}/sdk/include')
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            describe_plugin(compile_it, describe, folder, 'classify', plugin, 'pets', 'model', ['classify'])
            describe_plugin(compile_it, describe, folder, 'pets', all_three, 'pets', 'model',
                            ['classify', 'corners', 'loudness'])
            describe_plugin(compile_it, describe, folder, 'outline', outline, 'outline', 'device', ['outline'])
            for text in (test, outline_test):
                (folder / 'test.cpp').write_text(text)
                run(*compile_it, folder / 'test.cpp', '-o', folder / 'test', '-pthread')
                run(folder / 'test')
        print(f'{compiler}: the plugins, the other stages and the tests are as the page says')
    return 0


sys.exit(main())
