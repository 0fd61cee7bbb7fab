"""package.py SOURCE_DIR PREFIX BUILD FOLDER: examples/embed, copied away from the project, is built against the flowrun in
PREFIX and prints what its page shows; the package's components are there one by one. All is made in FOLDER."""
import json
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'sdk'))
from installed import expect, run


def test_embed(source, prefix, folder):
    shutil.copytree(source / 'examples/embed', folder, ignore=shutil.ignore_patterns('build'))
    run(prefix, None, 'cmake', '-G', 'Ninja', '-S', folder, '-B', folder / 'build', f'-DCMAKE_PREFIX_PATH={prefix}',
        '-DCMAKE_BUILD_TYPE=Release', '-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror')
    run(prefix, None, 'cmake', '--build', folder / 'build')
    empty = folder / 'empty'
    empty.mkdir()
    printed = subprocess.run([folder / 'build/embed'], cwd=empty, capture_output=True, text=True)
    expect('exit', (printed.returncode, printed.stderr), (0, ''))
    expect('files', list(empty.iterdir()), [])
    lines = dict(line.split(': ', 1) for line in printed.stdout.splitlines())
    expect('items', sorted(lines), ['ramp to 15', 'ramp to 175', 'ramp to 255', 'ramp to 95'])
    for key, text in lines.items():
        top = int(key.split()[-1])
        mean = sum(x * top // 319 // 2 for x in range(320)) / 320
        expect(f'brightness of {key}', abs(json.loads(text)['brightness'] - mean) < 1e-9, True)
    shown = re.search(r'^```\n(ramp to .*)\.\.\.\n```', (source / 'docs/embedding.md').read_text(), re.M).group(1)
    expect(f'a line begins with {shown}', any(line.startswith(shown) for line in printed.stdout.splitlines()), True)


def find(prefix, folder, components, uses=''):
    """What CMake says to a project that asks for these components."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / 'CMakeLists.txt').write_text(
        f'cmake_minimum_required(VERSION 3.25)\nproject(asks LANGUAGES CXX)\nfind_package(flowrun REQUIRED {components})\n{uses}\n')
    return run(prefix, None, 'cmake', '-G', 'Ninja', '-S', folder, '-B', folder / 'build',
               f'-DCMAKE_PREFIX_PATH={prefix}', check=False)


def reason(done):
    """The package's own sentence; CMake breaks its lines."""
    return ' '.join(re.search(r'Reason given by package:\s+(.*?)\n\n', done.stderr, re.S).group(1).split())


def test_components(build, folder):
    alone = {}
    for component in ('core', 'sdk', 'plugins'):
        alone[component] = folder / f'only_{component}'
        run(alone[component], None, 'cmake', '--install', build, '--prefix', alone[component], '--component', component)
    core = find(alone['core'], folder / 'asks', 'COMPONENTS core',
                'if(NOT TARGET flowrun::core OR COMMAND flowrun_add_plugin)\nmessage(FATAL_ERROR wrong)\nendif()')
    expect('core alone', (core.returncode, core.stderr), (0, ''))
    sdk = find(alone['sdk'], folder / 'asks', 'COMPONENTS sdk',
               'if(TARGET flowrun::core OR NOT COMMAND flowrun_add_plugin)\nmessage(FATAL_ERROR wrong)\nendif()')
    expect('sdk alone', (sdk.returncode, sdk.stderr), (0, ''))
    any_part = find(alone['core'], folder / 'asks', '')
    expect('what is installed', (any_part.returncode, any_part.stderr), (0, ''))
    unknown = find(alone['core'], folder / 'asks', 'COMPONENTS cores')
    expect('unknown', (unknown.returncode, reason(unknown)),
           (1, "flowrun has no component 'cores'; its components: core, sdk, plugins"))
    missing = find(alone['core'], folder / 'asks', 'COMPONENTS core sdk')
    expect('missing', (missing.returncode, reason(missing).split(': there is no ')[0]),
           (1, "flowrun's component 'sdk' is not installed"))
    optional = find(alone['core'], folder / 'asks', 'COMPONENTS core OPTIONAL_COMPONENTS plugins')
    expect('optional', (optional.returncode, optional.stderr), (0, ''))


def main():
    source, prefix, build, folder = map(pathlib.Path, sys.argv[1:])
    shutil.rmtree(folder, ignore_errors=True)
    test_embed(source, prefix, folder / 'embed')
    print('the example runs, built against the package alone')
    test_components(build, folder)
    print('each component is there for itself')


main()
