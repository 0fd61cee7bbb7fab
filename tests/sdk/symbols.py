"""symbols.py SOURCE_DIR LIBFLOWRUN PLUGIN_FOLDER...: what the libraries export is what is meant, no name more or less.
libflowrun: what the public headers mark FLOWRUN_API. A plugin: its entries."""
import pathlib
import re
import subprocess
import sys

ENTRIES = {'flowrun_plugin', 'flowrun_process_setup', 'flowrun_backend'}
MARKED = re.compile(r'^(?:struct|class)\s+FLOWRUN_API\s+(\w+)|^FLOWRUN_API\s[^;(]*?(\w+)\(', re.M)
NAME = re.compile(r'^(?:(?:typeinfo|typeinfo name|vtable) for )?flowrun::(\w+)')


def exported(library):
    """Demangled names."""
    done = subprocess.run(['nm', '-D', '--defined-only', '-C', str(library)], capture_output=True, text=True, check=True)
    return [line.split(maxsplit=2)[2] for line in done.stdout.splitlines()]


def find_core_faults(library, headers):
    marked = set()
    for header in headers:
        marked |= {a or b for a, b in MARKED.findall(header.read_text())}
    if len(marked) < 10:
        raise SystemExit(f'only {len(marked)} names are marked FLOWRUN_API: the test looks in the wrong place')
    names = exported(library)
    found = {symbol: NAME.match(symbol) for symbol in names}
    for symbol, match in found.items():
        if not match or match.group(1) not in marked:
            yield f'{library.name} exports {symbol}, which no public header marks FLOWRUN_API; see core/flowrun.map'
    seen = {match.group(1) for match in found.values() if match}
    for name in sorted(marked - seen):
        yield f'{library.name} does not export {name}, which a public header marks FLOWRUN_API'


def find_plugin_faults(library):
    names = set(exported(library))
    if 'flowrun_plugin' not in names:
        yield f'{library.name} does not export flowrun_plugin'
    for name in sorted(names - ENTRIES):
        yield f'{library.name} exports {name}; right: {", ".join(sorted(ENTRIES))}, see sdk/cmake/plugin.map'


def main():
    source, library, *folders = map(pathlib.Path, sys.argv[1:])
    faults = list(find_core_faults(library, sorted((source / 'core/include/flowrun').glob('*.hpp'))))
    plugins = [plugin for folder in folders for plugin in sorted(folder.glob('*.so'))]
    if not plugins:
        raise SystemExit(f'there is no plugin in {", ".join(map(str, folders))}')
    for plugin in plugins:
        faults += find_plugin_faults(plugin)
    print(f'{len(plugins)} plugins')
    sys.exit('\n'.join(faults) if faults else 0)


main()
