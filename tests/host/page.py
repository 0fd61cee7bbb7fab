"""page.py SOURCE_DIR: docs/embedding.md shows examples/embed as it is, and its links to files lead somewhere."""
import pathlib
import re
import sys


def main():
    root = pathlib.Path(sys.argv[1])
    page = root / 'docs/embedding.md'
    text = page.read_text()
    blocks = dict(re.findall(r'^```(cpp|cmake)\n(.*?)^```', text, re.S | re.M))
    program = (root / 'examples/embed/main.cpp').read_text()
    project = (root / 'examples/embed/CMakeLists.txt').read_text()
    project = ''.join(line for line in project.splitlines(True) if not line.startswith('#'))
    if blocks.get('cpp') != program:
        return f'{page}: its program is not byte for byte examples/embed/main.cpp'
    if blocks.get('cmake') != project:
        return f'{page}: its CMake lines are not those of examples/embed/CMakeLists.txt'
    links = re.findall(r'\]\(([^)#]+)', re.sub(r'^```.*?^```', '', text, flags=re.S | re.M))
    missing = [link for link in links if not (page.parent / link).exists()]
    if missing or not links:
        return f'{page}: links that lead nowhere: {missing}'
    print(f'{len(links)} links')
    return 0


sys.exit(main())
