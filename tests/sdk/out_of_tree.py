"""out_of_tree.py SOURCE_DIR PREFIX FOLDER: examples/own_plugin, copied away from the project, is built against the
flowrun installed in PREFIX by find_package alone, and the installed tool runs a graph with it. All is made in FOLDER."""
import json
import pathlib
import shutil
import sys

from bmp import read_bmp, write_bmp
from installed import expect, flowrun, run

SIZES = {'wide.bmp': (37, 11), 'deep/tall.bmp': (5, 61), 'one pixel.bmp': (1, 1)}


class project:
    """A copy of examples/own_plugin in a folder of its own."""

    def __init__(self, source, prefix, folder):
        self.folder, self.prefix = folder, prefix
        shutil.copytree(source / 'examples/own_plugin', folder, ignore=shutil.ignore_patterns('build', 'runs'))
        self.plugins = folder / 'build/plugins'

    def change(self, old, new):
        file = self.folder / 'threshold.cpp'
        text = file.read_text()
        expect(f'places of {old}', text.count(old), 1)
        file.write_text(text.replace(old, new))

    def configure(self):
        run(self.prefix, None, 'cmake', '-G', 'Ninja', '-S', self.folder, '-B', self.folder / 'build',
            f'-DCMAKE_PREFIX_PATH={self.prefix}', '-DCMAKE_BUILD_TYPE=Release',
            '-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror')

    def build(self, check=True):
        return run(self.prefix, None, 'cmake', '--build', self.folder / 'build', '--verbose', check=check)


def test_build(p):
    p.configure()
    built = p.build()
    expect('-Wl,-z,defs in the link line', '-Wl,-z,defs' in built.stdout, True)
    expect('files', sorted(f.name for f in p.plugins.iterdir()), ['basic.plugin.json', 'basic.so'])
    sidecar = json.loads((p.plugins / 'basic.plugin.json').read_text())
    stage, = sidecar['stages']
    expect('plugin', (sidecar['name'], sidecar['version'], sidecar['library']), ('basic', '1.0.0', 'basic.so'))
    expect('stage', (stage['name'], stage['doc'], stage['shape']),
           ('threshold', 'Turn an image black and white.', 'transform'))
    expect('param', [(q['name'], q['default'], q['low'], q['high']) for q in stage['params']], [('level', 128, 0, 255)])
    expect('ports', ([i['name'] for i in stage['inputs']], [o['name'] for o in stage['outputs']]), (['image'], ['mask']))


def colour(x, y):
    return (x * 7 + y * 5) % 256, (x * 13 + y * 29) % 256, (x * 3 + y * 11 + 40) % 256


def expected_mask(width, height, level):
    def mask(b, g, r):
        return 255 if (b * 3735 + g * 19235 + r * 9798 + (1 << 14)) >> 15 > level else 0
    return [[(mask(*colour(x, y)),) * 3 for x in range(width)] for y in range(height)]


def test_run(p, photos):
    for level in (128, 60):
        out = p.folder / f'run-{level}'
        done = flowrun(p.prefix, 'run', p.folder / 'graph.yaml', '--plugins', p.plugins, '--set', f'input={photos}',
                   '--set', f'level={level}', '-o', out)
        report = json.loads((out / 'report.json').read_text())
        expect('counts', [report[k] for k in ('read', 'done', 'skipped', 'failed', 'cancelled')], [len(SIZES), len(SIZES), 0, 0, 0])
        for name, (width, height) in SIZES.items():
            mask = read_bmp(out / 'files' / name)
            expect(f'size of {name}', mask[:2], (width, height))
            expect(f'mask of {name} at {level}', mask[2], expected_mask(width, height, level))
    refused = flowrun(p.prefix, 'run', p.folder / 'graph.yaml', '--plugins', p.plugins, '--set', f'input={photos}',
                  '--set', 'level=300', '-o', p.folder / 'refused', check=False)
    expect('exit for level=300', refused.returncode, 65)
    expect('its sentence', "'level' of basic.threshold is 300, but must be an int 0..255" in refused.stderr, True)
    expect('run directory', (p.folder / 'refused').exists(), False)


def test_wrong_default(p):
    """A default outside its range stops the build with one sentence, each time, until it is put right."""
    p.change('int level = 128;', 'int level = 300;')
    p.configure()
    sentence = "basic.so: basic.threshold: the default of 'level' is 300, but must be an int 0..255"
    for attempt in ('first', 'second'):
        failed = p.build(check=False)
        expect(f'{attempt} build succeeds', failed.returncode == 0, False)
        expect(f'{attempt} build says so', (failed.stdout + failed.stderr).count(sentence), 1)
        expect('sidecar', (p.plugins / 'basic.plugin.json').exists(), False)
    p.change('int level = 300;', 'int level = 128;')
    p.build()
    expect('sidecar', (p.plugins / 'basic.plugin.json').exists(), True)


def test_missing_symbol(p):
    """A function nobody has is found by the linker, not by a run."""
    p.change('struct threshold {', 'int nobody();\n\nstruct threshold {')
    p.change('int level = 128;', 'int level = nobody();')
    p.configure()
    failed = p.build(check=False)
    expect('the build succeeds', failed.returncode == 0, False)
    expect('undefined nobody()', 'nobody()' in failed.stdout and 'undefined' in failed.stdout, True)
    expect('library', (p.plugins / 'basic.so').exists(), False)


def test_host(source, prefix, folder):
    """A program of one's own links the installed core and finds the installed plugins."""
    shutil.copytree(source / 'tests/sdk/host', folder)
    run(prefix, None, 'cmake', '-G', 'Ninja', '-S', folder, '-B', folder / 'build', f'-DCMAKE_PREFIX_PATH={prefix}')
    run(prefix, None, 'cmake', '--build', folder / 'build')
    graph = folder / 'graph.yaml'
    graph.write_text('flowrun: 1\nstages:\n  media: {use: media.files, params: {path: photos}}\n'
                     '  light: {use: lighting.analyze, in: media.image}\n')
    expect('a good graph', run(prefix, None, folder / 'build/host', graph).stdout.startswith('digraph'), True)
    graph.write_text('flowrun: 1\nstages:\n  media: {use: media.file, params: {path: photos}}\n')
    bad = run(prefix, None, folder / 'build/host', graph, check=False)
    expect('exit', bad.returncode, 1)
    expect('its sentence', bad.stdout.startswith(f'{graph}:3:'), True)
    expect('nearest name', "Did you mean 'media.files'?" in bad.stdout, True)


def main():
    source, prefix, folder = map(pathlib.Path, sys.argv[1:])
    shutil.rmtree(folder, ignore_errors=True)
    photos = folder / 'photos'
    for name, (width, height) in SIZES.items():
        (photos / name).parent.mkdir(parents=True, exist_ok=True)
        write_bmp(photos / name, width, height, colour)
    own = project(source, prefix, folder / 'own')
    test_build(own)
    print('built against the package alone')
    test_run(own, photos)
    print('masks are right pixel by pixel')
    test_wrong_default(project(source, prefix, folder / 'wrong_default'))
    test_missing_symbol(project(source, prefix, folder / 'missing_symbol'))
    print('faults stop the build')
    test_host(source, prefix, folder / 'host')
    print('a host links the core')


main()
