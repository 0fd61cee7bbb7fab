"""serial_page.py SOURCE_DIR PREFIX FOLDER: the project that docs/writing-a-stage.md shows for a stage with two inputs and
state, made in FOLDER as the page says, built against the flowrun installed in PREFIX by the page's own commands."""
import json
import pathlib
import re
import shutil
import sys

from bmp import write_bmp
from installed import expect, shell

HEADING = '## Two inputs and state'
FIRST_HEADING = '## The smallest'
FILES = ['flicker.cpp', 'CMakeLists.txt', 'flicker_test.cpp', 'graph.yaml']
LEVELS = {'0.bmp': 10, '1.bmp': 200, '2.bmp': 150, '3.bmp': 250}


def section(page, heading):
    return page.split(heading + '\n')[1].split('\n## ')[0]


def main():
    source, prefix, folder = map(pathlib.Path, sys.argv[1:])
    page = (source / 'docs/writing-a-stage.md').read_text()
    text = section(page, HEADING)
    blocks = re.findall(r'^`([\w.]+)`[^\n]*:\n\n```\w+\n(.*?)^```', text, re.S | re.M)
    expect('files of the page', [name for name, _ in blocks], FILES)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / 'photos').mkdir(parents=True)
    for name, content in blocks:
        (folder / name).write_text(content)
    (folder / 'threshold.cpp').write_text(re.search(r'^```cpp\n(.*?)^```', section(page, FIRST_HEADING), re.S | re.M).group(1))
    for name, level in LEVELS.items():
        write_bmp(folder / 'photos' / name, 5, 3, lambda x, y, v=level: (v, v, v))
    commands = re.findall(r'^    (.*)$', re.sub(r'^```.*?^```', '', text, flags=re.S | re.M), re.M)
    expect('number of commands', len(commands), 2)
    built = shell(prefix, folder, commands[0].replace('PREFIX', str(prefix)))
    expect('its test', '100% tests passed, 0 tests failed out of 1' in built.stdout, True)
    ran = shell(prefix, folder, commands[1])
    expect('counts', ran.stdout.startswith('read 4 = done 3 + skipped 1 + failed 0'), True)
    told = [json.loads(line) for line in (folder / 'runs/flicker/results.jsonl').read_text().splitlines()]
    expect('steps', {t['item']: t['values'].get('flicker') for t in told if t['status'] == 'done'},
           {'1.bmp': {'mean': 200, 'change': None}, '2.bmp': {'mean': 150, 'change': -50},
            '3.bmp': {'mean': 250, 'change': 100}})
    print('a stage with two inputs and state: built, tested and run as the page says')


main()
