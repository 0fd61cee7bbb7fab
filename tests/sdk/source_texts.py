"""What the test sources say they expect: the comment lines at their head, joined."""


def expected_text(path):
    text = ''
    for line in path.read_text().splitlines():
        if not line.startswith('//'):
            break
        text += ' ' + line[2:].strip()
    prefix = ' expect: '
    if not text.startswith(prefix):
        raise SystemExit(f'{path}: its first line is not `// expect: ...`')
    return text[len(prefix):]
