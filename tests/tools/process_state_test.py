"""process_state_test.py SOURCE_DIR OBJECT:OBJECT...: below core/tool nothing is shared by the whole process, and nothing
of the process is changed: a host program has it in its own, several times if it likes.

The core is looked at as objects (data that can be written, functions that are called), the SDK's headers as text."""
import pathlib
import re
import subprocess
import sys

CONSTANT = "constant, made at its first use"
# What can be written nevertheless, and why.
ALLOWED = {
    "flowrun::core::stage_keys()::table": CONSTANT,
    "flowrun::core::run_keys()::table": CONSTANT,
    "flowrun::core::export_formats()::names": CONSTANT,
    "flowrun::core::dtype_choices()::all": CONSTANT,
    "flowrun::core::read_stage_keys()::known": CONSTANT,
    "flowrun::core::read_section()::known": CONSTANT,
    "flowrun::core::read_sim_fault()::known": CONSTANT,
    "flowrun::core::model_file_kind": "constant, made when the library is opened",
    "flowrun::core::key_columns": "constant, made when the library is opened",
    "flowrun::fields<flowrun::core::answer_record>::of()::all": "constant, made at the first use: the record's fields",
    "flowrun::core::open_plugin()::opened": "a library is opened once in a process, by the system's loader too",
    "flowrun::core::open_plugin()::mutex": "guards it",
    "flowrun::core::open_once()::kept": "libraries stay open to the end: threads and objects may still use their code",
    "flowrun::core::share_device()::known": "a device has one memory, whoever uses it",
    "flowrun::core::share_device()::mutex": "guards it",
    "flowrun::write_file_atomically()::counter": "numbers temporary files, so that two threads never have one name",
    "flowrun::core::put_image()::scratch": "a thread's own memory, written anew by every use",
}
ALLOWED_IN_HEADERS = {
    ("atomic_file.hpp", "counter"): "see above",
}
# Of the process, not of a run.
FORBIDDEN = """setenv putenv unsetenv clearenv signal sigaction sigprocmask pthread_sigmask sigignore chdir fchdir umask
    setlocale exit _exit _Exit quick_exit abort atexit raise kill system popen srand setrlimit setpriority nice printf puts
    putchar vprintf stdout stderr""".split()
FORBIDDEN_CPP = re.compile(
    r"^(std::cout|std::cerr|std::clog|std::cin|std::locale::global.*|std::set_terminate.*|std::set_new_handler.*"
    r"|std::filesystem::current_path.*path const.*|spdlog::(default_logger|set_|register|drop|apply_all|shutdown).*)$")
IN_TEXT = re.compile(r"(?<![\w:.>])(?:std::|::)?(%s)\s*\(|std::(?:cout|cerr|clog)\b|\b(?:stdout|stderr)\b|STDOUT_FILENO|STDERR_FILENO"
                     % "|".join(w for w in FORBIDDEN if not w.startswith("std")))
OUTPUT_BY_NUMBER = {"text_output.cpp": "a host asked for it: export_results() to ''"}
VARIABLE = re.compile(r"^\s*(?:inline |static |thread_local )+(?!.*\b(?:const|constexpr|consteval)\b)[\w:<>, ]+?[ &*](\w+)\s*(?:=|;|\{)")


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def short(name):
    """flowrun::core::open_plugin(std::...)::opened -> flowrun::core::open_plugin()::opened"""
    name = name.replace("(anonymous namespace)::", "").replace("[abi:cxx11]", "").replace(" const::", "::")
    plain = ""
    depth = 0
    for c in name:
        depth -= c == ")"
        if depth == 0:
            plain += c
        depth += c == "("
    return plain


def written_data(obj):
    """Names of variables in sections that can be written."""
    for line in output_of("objdump", "-t", "-C", obj):
        match = re.match(r"[0-9a-f]+ (.{7}) \.(data|bss|tdata|tbss)(\S*)\s[0-9a-f]+\s+(?:\.hidden )?(.*)", line)
        if not match or match.group(3).startswith(".rel.ro"):
            continue
        name = match.group(4)
        if not name.startswith((".", "DW.ref.", "guard variable for", "TLS ")) and "d" not in match.group(1):
            yield short(name)


def called(obj):
    for line in output_of("nm", "-u", "-C", obj):
        yield line.split(maxsplit=1)[1]


def without_comments(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r"(?m)//.*$", "", re.sub(r'"(?:\\.|[^"\\])*"', '""', text))


def header_faults(source):
    for file in sorted((source / "sdk/include").rglob("*.hpp")):
        for number, line in enumerate(without_comments(file.read_text(encoding="utf-8")).splitlines(), 1):
            where = "%s:%d" % (file.relative_to(source), number)
            variable = VARIABLE.match(line)
            if variable and (file.name, variable.group(1)) not in ALLOWED_IN_HEADERS:
                yield "%s: '%s' is state of the whole process" % (where, variable.group(1))
            if IN_TEXT.search(line):
                yield "%s: %s is of the whole process" % (where, IN_TEXT.search(line).group(0))


def text_faults(source):
    for file in sorted((source / "core/src").rglob("*.cpp")):
        text = without_comments(file.read_text(encoding="utf-8"))
        if re.search("STD(OUT|ERR)_FILENO", text) and file.name not in OUTPUT_BY_NUMBER:
            yield "%s writes to standard output or error" % file.relative_to(source)


def main():
    source, objects = pathlib.Path(sys.argv[1]), sys.argv[2].split(":")
    faults, used = [], set()
    for obj in objects:
        name = pathlib.Path(obj).name
        for variable in written_data(obj):
            used.add(variable)
            if variable not in ALLOWED:
                faults.append("%s: '%s' is state of the whole process; put it into an object, or say in "
                              "process_state_test.py why it is needed" % (name, variable))
        faults += ["%s uses %s, which is the whole process's" % (name, f) for f in called(obj)
                   if f in FORBIDDEN or FORBIDDEN_CPP.match(f)]
    if len(objects) < 50:
        sys.exit("only %d objects: the test looks in the wrong place" % len(objects))
    faults += ["%s is allowed in process_state_test.py, but there is no such variable" % name
               for name in sorted(set(ALLOWED) - used)]
    faults += [*header_faults(source), *text_faults(source)]
    print("%d objects" % len(objects))
    sys.exit("\n".join(faults) if faults else 0)


main()
