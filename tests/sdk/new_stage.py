"""new_stage.py SOURCE_DIR PREFIX FOLDER: what `flowrun new stage` writes, for each shape, builds out of the tree with
nothing but the flowrun installed in PREFIX, passes its test, and its graph runs. All is made in FOLDER. The commands are
those that the tool itself names."""
import json
import pathlib
import shutil
import sys

from bmp import write_bmp
from installed import expect, flowrun, shell

LEVELS = {'a.bmp': 40, 'b.bmp': 200, 'deep/c.bmp': 129}
# g++ 12 sees overlaps in std::string's operator+ that are not there (GCC bug 105651).
STRICT = '-DCMAKE_CXX_FLAGS="-Wall -Wextra -Wshadow -Werror -Wno-restrict"'


def records(file):
    values = {}
    for line in file.read_text().splitlines():
        told = json.loads(line)
        if 'item' in told:
            values[told['item']] = told['values']
    return values


def make(prefix, folder, name, shape):
    """Writes the stage and follows what the tool says; returns the folder of its run."""
    place = folder / shape
    told = flowrun(prefix, 'new', 'stage', name, '--shape', shape, '-o', place)
    expect('stderr', told.stderr, '')
    enter, build, start = told.stdout.splitlines()
    plugin, stage = name.split('.') if '.' in name else (name, name)
    expect('files', sorted(f.name for f in place.iterdir()),
           sorted(['CMakeLists.txt', 'README.md', 'graph.yaml', f'{stage}.cpp', f'{stage}_test.cpp']))
    for file in place.iterdir():
        expect(f'placeholders in {file}', 'NEW_' in file.read_text(), False)
    expect('first command', enter, f'cd {place}')
    expect('second command', build,
           f'cmake -B build -D CMAKE_PREFIX_PATH={prefix} && cmake --build build && ctest --test-dir build')
    done = shell(prefix, place, build.replace('cmake -B build', f'cmake -G Ninja {STRICT} -B build'))
    expect('its test', '100% tests passed, 0 tests failed out of 1' in done.stdout, True)
    expect('third command', start, 'flowrun graph.yaml' + ('' if shape == 'source' else ' --set input=FOLDER_OF_PICTURES'))
    checked = flowrun(prefix, 'check', 'graph.yaml', folder=place)
    expect('what check says', checked.stderr, '')
    ran = shell(prefix, place, start.replace('FOLDER_OF_PICTURES', str(folder / 'photos')))
    report = json.loads((place / f'runs/{stage}/report.json').read_text())
    items = 10 if shape == 'source' else len(LEVELS)
    expect(f'counts of\n{ran.stdout}', [report[k] for k in ('read', 'done', 'skipped', 'failed')], [items, items, 0, 0])
    page = flowrun(prefix, 'plugins', 'page', f'{plugin}.{stage}', '--plugins', 'build/plugins', folder=place).stdout
    expect('head of its page', page.splitlines()[1], f'# {plugin}.{stage}')
    expect('doctor', flowrun(prefix, 'plugins', 'doctor', 'build/plugins', folder=place).stdout.split()[0], 'ok')
    return place / f'runs/{stage}'


def main():
    _, prefix, folder = map(pathlib.Path, sys.argv[1:])
    shutil.rmtree(folder, ignore_errors=True)
    for name, level in LEVELS.items():
        (folder / 'photos' / name).parent.mkdir(parents=True, exist_ok=True)
        write_bmp(folder / 'photos' / name, 4, 3, lambda x, y, v=level: (v, v, v))
    done = make(prefix, folder, 'mine.bright-share', 'transform')
    expect('shares', {k: v['it'] for k, v in records(done / 'results.jsonl').items()},
           {'a.bmp': 0, 'b.bmp': 1, 'deep/c.bmp': 1})
    done = make(prefix, folder, 'remove', 'sink')  # the name of a function of C's library
    expect('list', (done / 'list.txt').read_text(), 'a.bmp 4 3\nb.bmp 4 3\ndeep/c.bmp 4 3\n')
    done = make(prefix, folder, 'made.class', 'source')  # a word of C++
    expect('items', sorted(records(done / 'results.jsonl')), sorted(f'stripes-{i}' for i in range(1, 11)))
    done = make(prefix, folder, 'mean_of_all.mean', 'gather')
    expect('values', {k: v['value'] for k, v in records(done / 'results.jsonl').items()}, LEVELS)
    told = flowrun(prefix, 'gather', 'runs/mean', 'all', '--set', 'offset=1', folder=folder / 'gather').stdout
    expect('the gather runs again', told.startswith('gather all: 3 rows'), True)
    print('transform, sink, source and gather build, pass and run')


main()
