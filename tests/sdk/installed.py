"""What the tests of an installed flowrun share: its commands, in a shell that knows of nothing else."""
import os
import subprocess


def environment(prefix):
    env = {name: value for name, value in os.environ.items() if not name.startswith('FLOWRUN_')}
    return {**env, 'PATH': f'{prefix}/bin:{env["PATH"]}'}


def run(prefix, folder, *command, check=True):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=folder,
                          env=environment(prefix))
    if check and done.returncode:
        raise SystemExit(f'{" ".join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}')
    return done


def flowrun(prefix, *words, folder=None, check=True):
    return run(prefix, folder, prefix / 'bin/flowrun', *words, check=check)


def shell(prefix, folder, line):
    return run(prefix, folder, 'bash', '-c', line)


def expect(what, seen, wanted):
    if seen != wanted:
        raise SystemExit(f'{what}:\nseen:  {seen!r}\nright: {wanted!r}')
