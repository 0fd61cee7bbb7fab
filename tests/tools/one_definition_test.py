"""Two types of one name in one namespace: the linker takes the code of either for both, and memory is damaged."""
import pathlib
import re
import sys

SOURCE = pathlib.Path(sys.argv[1])
DEFINED = re.compile(r"^(?:struct|class|enum class)\s+(?:FLOWRUN_API\s+)?(\w+)(?: final)?\s*(?::[^:;{][^;{]*)?\{", re.M)

seen, twice = {}, []
for folder in ("core/include", "core/src", "sdk/include"):
    for file in sorted((SOURCE / folder).rglob("*.hpp")):
        for name in DEFINED.findall(file.read_text(encoding="utf-8")):
            where = file.relative_to(SOURCE)
            if name in seen:
                twice.append("%s is defined in %s and in %s" % (name, seen[name], where))
            seen.setdefault(name, where)
if len(seen) < 100:
    sys.exit("only %d types were found: the test looks in the wrong place" % len(seen))
print("%d types" % len(seen))
sys.exit("\n".join(twice) if twice else 0)
