"""The rules that ci/lint reads out of the text of one file: include direction, purity, words.

Each rule is a function from (path, lines) to findings, so that ci/lint_self_test.py can plant a violation of each.
Left out: what needs a compiler or a formatter (see ci/lint). The rules read lines, not C++: comments and the insides of
string literals are blanked first, macros are not expanded.
"""

import re
from typing import NamedTuple


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    what: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.what}"


# ---- include direction ------------------------------------------------------------------------------------------
# base <- text <- protocols and domain <- core <- server, simulators. A protocol and the domain never include each
# other; they meet in core. A folder may always include itself; one that is not listed may be included by nobody
# and may include nothing of ours, so a new folder has to be entered here.

EVERYTHING = None
PURE = {"engine/base", "engine/text", "engine/smpp", "engine/storage", "engine/sms", "engine/core"}

MAY_INCLUDE = {
    "engine/base": set(),
    "engine/text": {"engine/base"},
    "engine/smpp": {"engine/base", "engine/text"},
    "engine/storage": {"engine/base"},
    "engine/sms": {"engine/base", "engine/text", "engine/storage"},
    "engine/core": {"engine/base", "engine/text", "engine/smpp", "engine/storage", "engine/sms"},
    "simulators": PURE,
    "scenarios/player": PURE | {"simulators"},
    "engine/server": PURE | {"simulators", "scenarios/player"},
    "conformance": EVERYTHING,
    "fuzz": EVERYTHING,
    "bench": EVERYTHING,
}

# Tests may reach further, because a test program is nobody's dependency: the engine is tested in its virtual world.
TESTS_MAY_ALSO_INCLUDE = {"engine/core": {"simulators"}}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def folder_of(path):
    matches = [folder for folder in MAY_INCLUDE if path.startswith(folder + "/")]
    return max(matches, key=len, default=None)


def is_test(path):
    return path.endswith(("_test.cpp", "_properties.cpp"))


def include_direction(path, lines):
    folder = folder_of(path)
    if folder is None:
        yield Finding(path, 1, "direction", "this folder is not in the table of ci/lint_rules.py")
        return
    allowed = MAY_INCLUDE[folder]
    if allowed is EVERYTHING:
        return
    if is_test(path):
        allowed = allowed | TESTS_MAY_ALSO_INCLUDE.get(folder, set())
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match or match[1] != '"':
            continue
        target = folder_of(match[2])
        if target is None:
            yield Finding(path, number, "direction", f'"{match[2]}" is not named from the root, in a folder of ours')
        elif target != folder and target not in allowed:
            yield Finding(path, number, "direction", f"{folder} may not include {target}")


# ---- purity -----------------------------------------------------------------------------------------------------
# Everything but the server and the programs' mains is pure: time, chance and bytes are handed in.

IMPURE = re.compile(r"engine/server/|simulators/(.*/)?main\w*\.cpp$|bench/|conformance/")

FORBIDDEN_INCLUDES = [
    (re.compile(r"boost/asio"), "Asio belongs in engine/server"),
    (re.compile(r"(sys/(socket|epoll|select|poll|un|eventfd|timerfd)|netinet/\w+|arpa/inet|netdb|poll)\.h$"),
     "sockets belong in engine/server"),
    (re.compile(r"(thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token|pthread\.h)$"),
     "threads belong in engine/server"),
]

FORBIDDEN_CODE = [
    (re.compile(r"::\s*now\s*\("), "time is handed in, not read from a clock"),
    (re.compile(r"\b(gettimeofday|clock_gettime|std::clock|timespec_get)\s*\("), "time is handed in, not read from a clock"),
    (re.compile(r"(?<![\w.>])time\s*\(\s*(nullptr|NULL|0|&\s*\w+)\s*\)"), "time is handed in, not read from a clock"),
    (re.compile(r"\b(sleep_for|sleep_until)\b|\b(usleep|nanosleep|clock_nanosleep)\s*\("),
     "nothing here sleeps; say a deadline"),
    (re.compile(r"\brandom_device\b|(?<![\w.>])(rand|srand|random|getrandom|getentropy|arc4random\w*)\s*\("),
     "chance is handed in as entropy"),
    (re.compile(r"\bstd::(jthread|thread|async|mutex|condition_variable)\b"), "threads belong in engine/server"),
]

CONSOLE = re.compile(r"(iostream|print)$")

# A test that measures wall time must read a clock; it says so on the line, with the reason behind it.
ALLOWED_IN_TEST = re.compile(r"//\s*lint: allow \S+")


def purity(path, lines):
    if IMPURE.match(path):
        return
    code = without_comments_and_strings(lines)
    for number, (line, bare) in enumerate(zip(lines, code), 1):
        if is_test(path) and ALLOWED_IN_TEST.search(line):
            continue
        match = INCLUDE.match(bare)
        if match:
            for pattern, why in FORBIDDEN_INCLUDES:
                if pattern.match(match[2]):
                    yield Finding(path, number, "purity", f"{match[2]}: {why}")
            if path.startswith("engine/") and not is_test(path) and CONSOLE.match(match[2]):
                yield Finding(path, number, "purity", f"{match[2]}: the core writes to no console")
            continue
        for pattern, why in FORBIDDEN_CODE:
            found = pattern.search(bare)
            if found:
                yield Finding(path, number, "purity", f"{found[0].strip()}: {why}")


TOKEN = re.compile(
    r"""
      //[^\n]*                                     # comment to the end of the line
    | /\*.*?(?:\*/|\Z)                             # comment in the C manner
    | R"(?P<tag>[^()\s\\]{0,16})\(.*?\)(?P=tag)"   # raw string
    | "(?:\\.|[^"\\\n])*"                          # string
    | (?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'         # character, not the separator in 1'000
    """,
    re.VERBOSE | re.DOTALL,
)


def without_comments_and_strings(lines):
    """The same lines, comments and literals blanked. What an #include names is no literal and stays."""
    def blank(match):
        before = text[text.rfind("\n", 0, match.start()) + 1:match.start()]
        if match[0].startswith('"') and re.fullmatch(r"\s*#\s*include\s*", before):
            return match[0]
        return re.sub(r"[^\n]", " ", match[0])

    text = "\n".join(lines)
    return TOKEN.sub(blank, text).split("\n")


# ---- words ------------------------------------------------------------------------------------------------------
# What is true of one machine only stays out of the tree. Written in pieces, so that this file passes its own rule.

MACHINE_PATHS = ["/wo" "rk/", "/ro" "ot/", "/tm" "p/bash_jobs", "../sha" "red"]
REGISTRY_HOSTS = ["deb.deb" "ian.org", "security.deb" "ian.org", "registry.npm" "js", "registry.yarn" "pkg",
                  "py" "pi.org", "files.python" "hosted"]


def words(path, lines):
    for number, line in enumerate(lines, 1):
        for word in MACHINE_PATHS:
            start = line.find(word)
            if start >= 0 and (start == 0 or not (line[start - 1].isalnum() or line[start - 1] in "_.-")):
                yield Finding(path, number, "words", f"a path of one machine: {word}")
        for word in REGISTRY_HOSTS:
            if word in line:
                yield Finding(path, number, "words", f"the host of a package registry: {word}")
