"""The Python with torch that exports and compiles networks: made once in the cache by python_env.sh."""
import os
import pathlib
import subprocess

from refusal import INTERNAL, UNAVAILABLE, Refusal

HERE = pathlib.Path(__file__).resolve().parent


def find_python():
    """Its path; what making it says goes to stderr."""
    script = HERE / "python_env.sh"
    if not script.exists():  # in the source tree it stands with the other tools of the backend
        script = HERE.parent / "tools/python_env.sh"
    try:
        done = subprocess.run(["bash", str(script)], stdout=subprocess.PIPE, text=True, check=False)
    except OSError as e:
        raise Refusal(UNAVAILABLE, "bash cannot be run: %s" % e.strerror) from e
    if done.returncode != 0:
        raise Refusal(UNAVAILABLE, "there is no Python with torch to export or compile networks with; the reason stands above")
    return done.stdout.strip()


def run_script(what, script, *arguments, settings=None):
    """Runs a script of ours with that Python, `settings` being put into its environment; what it prints is shown only when it
    fails."""
    done = subprocess.run([find_python(), "-B", "-W", "ignore", str(script), *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, env={**os.environ, **(settings or {})})
    if done.returncode != 0:
        last = "\n".join(done.stdout.splitlines()[-15:])
        raise Refusal(INTERNAL, "%s failed (%s %s)\n%s" % (what, script, " ".join(map(str, arguments)), last))
    return done.stdout
