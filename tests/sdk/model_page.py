"""model_page.py SOURCE_DIR DESCRIBE COMPILER...: the model stages that docs/writing-a-stage.md shows compile without a
warning, are described as plugins, and the test it shows beside them passes."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HEADING = '## A stage with a model'
PLUGIN = re.compile(r'^FLOWRUN_PLUGIN\(.*\)\n', re.M)
FLAGS = ['-std=c++20', '-O1', '-Wall', '-Wextra', '-Wshadow', '-Werror']


def read_blocks(page):
    """The section's C++ blocks: a plugin, one more of its stages, a test of the first."""
    section = page.read_text().split(HEADING + '\n')[1].split('\n## ')[0]
    blocks = re.findall(r'^```cpp\n(.*?)^```', section, re.S | re.M)
    kinds = ['plugin' if PLUGIN.search(b) else 'test' if 'int main()' in b else 'stage' for b in blocks]
    if kinds != ['plugin', 'stage', 'test']:
        raise SystemExit(f'{page}: {HEADING} has the C++ blocks {kinds}; right: a plugin, a stage, a test')
    return blocks


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode or done.stderr:
        raise SystemExit(f'{" ".join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout


def main():
    root, describe = pathlib.Path(sys.argv[1]), sys.argv[2]
    include = f'-I{root}/sdk/include'
    plugin, stage, test = read_blocks(root / 'docs/writing-a-stage.md')
    both = PLUGIN.sub('', plugin) + '\n' + stage + '\nFLOWRUN_PLUGIN("pets", "1.0.0", classify, corners)\n'
    for compiler in sys.argv[3:]:
        if not shutil.which(compiler):
            print(f'skipped: there is no {compiler}')
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / 'test.cpp').write_text(test)
            for file, text, stages in (('classify', plugin, ['classify']), ('pets', both, ['classify', 'corners'])):
                (folder / f'{file}.cpp').write_text(text)
                run(compiler, *FLAGS, '-fPIC', '-shared', '-Wl,--build-id', include, folder / f'{file}.cpp', '-o',
                    folder / f'{file}.so')
                run(describe, folder / f'{file}.so')
                sidecar = json.loads((folder / 'pets.plugin.json').read_text())
                seen = [stage['name'] for stage in sidecar['stages']]
                if seen != stages or any(stage['shape'] != 'model' for stage in sidecar['stages']):
                    raise SystemExit(f'{file}.cpp: described as {sidecar["stages"]}; right: the model stages {stages}')
            run(compiler, *FLAGS, include, folder / 'test.cpp', '-o', folder / 'test', '-pthread')
            run(folder / 'test')
        print(f'{compiler}: the plugin, its other stage and the test are as the page says')
    return 0


sys.exit(main())
