"""Plants a violation of every rule of ci/lint, and a harmless neighbour of each, in a tree of its own.

Each case says which lines must be found, and by which rule; anything more or less fails it.
"""

import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent

CLEAN_HEADER = "#pragma once\nint clean();\n"

# name, path, text, then the (line, rule) pairs that must be found and nothing else
CASES = [
    # direction
    ("base_includes_text", "engine/base/a.cpp", '#include "engine/text/clean.hpp"\n', [(1, "direction")]),
    ("text_includes_base", "engine/text/a.cpp", '#include "engine/base/clean.hpp"\n', []),
    ("text_includes_itself", "engine/text/b.cpp", '#include "engine/text/clean.hpp"\n', []),
    ("domain_includes_protocol", "engine/sms/a.cpp", '#include "engine/smpp/clean.hpp"\n', [(1, "direction")]),
    ("protocol_includes_domain", "engine/smpp/a.cpp", '#include "engine/sms/clean.hpp"\n', [(1, "direction")]),
    ("storage_includes_domain", "engine/storage/a.cpp", '#include "engine/sms/clean.hpp"\n', [(1, "direction")]),
    ("core_joins_them", "engine/core/a.cpp",
     '#include "engine/smpp/clean.hpp"\n#include "engine/sms/clean.hpp"\n', []),
    ("core_includes_server", "engine/core/b.cpp", '#include "engine/server/clean.hpp"\n', [(1, "direction")]),
    ("core_includes_simulators", "engine/core/c.cpp", '#include "simulators/clean.hpp"\n', [(1, "direction")]),
    ("core_test_includes_simulators", "engine/core/c_test.cpp",
     '#include "engine/smpp/clean.hpp"\n#include "simulators/clean.hpp"\n', []),
    ("protocol_test_includes_simulators", "engine/smpp/c_test.cpp",
     '#include "simulators/clean.hpp"\n', [(1, "direction")]),
    ("simulator_includes_player", "simulators/a.cpp", '#include "scenarios/player/clean.hpp"\n', [(1, "direction")]),
    ("player_includes_server", "scenarios/player/a.cpp", '#include "engine/server/clean.hpp"\n', [(1, "direction")]),
    ("server_includes_bench", "engine/server/a.cpp", '#include "bench/clean.hpp"\n', [(1, "direction")]),
    ("bench_includes_server", "bench/a.cpp", '#include "engine/server/clean.hpp"\n', []),
    ("include_beside_itself", "engine/text/c.cpp", '#include "clean.hpp"\n', [(1, "direction")]),
    ("folder_nobody_knows", "engine/newcomer/a.cpp", "int a;\n", [(1, "direction")]),

    # purity: includes
    ("asio_in_core", "engine/core/d.cpp", "#include <boost/asio/ip/tcp.hpp>\n", [(1, "purity")]),
    ("asio_in_simulator", "simulators/b.cpp", "#include <boost/asio.hpp>\n", [(1, "purity")]),
    ("asio_in_quotes_further_down", "engine/core/n.cpp",
     'auto s = "x";\nint n;\n#include "boost/asio.hpp"\n', [(3, "direction"), (3, "purity")]),
    ("asio_in_fuzzer", "fuzz/a_fuzz.cpp", "#include <boost/asio.hpp>\n", [(1, "purity")]),
    ("asio_in_server", "engine/server/b.cpp", "#include <boost/asio/ip/tcp.hpp>\n", []),
    ("asio_in_simulator_main", "simulators/esme/main.cpp", "#include <boost/asio.hpp>\n", []),
    ("socket_header", "engine/smpp/d.cpp", "#include <sys/socket.h>\n", [(1, "purity")]),
    ("thread_header", "engine/sms/d.cpp", "#include <thread>\n", [(1, "purity")]),
    ("mutex_header", "engine/storage/d.cpp", "#include <mutex>\n", [(1, "purity")]),
    ("console_in_core", "engine/text/d.cpp", "#include <iostream>\n", [(1, "purity")]),
    ("console_in_simulator", "simulators/c.cpp", "#include <iostream>\n", []),
    ("string_header", "engine/text/e.cpp", "#include <string>\n", []),

    # purity: code
    ("clock", "engine/core/e.cpp",
     "#include <chrono>\n\nauto t = std::chrono::steady_clock::now();\n", [(3, "purity")]),
    ("clock_of_posix", "engine/core/f.cpp", "int t = clock_gettime(0, nullptr);\n", [(1, "purity")]),
    ("clock_of_c", "engine/core/g.cpp", "auto t = std::time(nullptr);\n", [(1, "purity")]),
    ("clock_ticks_of_c", "engine/core/o.cpp", "auto t = std::clock();\n", [(1, "purity")]),
    ("virtual_clock", "simulators/f.cpp", "auto t = world.clock().now() + w.now();\n", []),
    ("clock_in_player", "scenarios/player/b.cpp", "auto t = steady_clock::now();\n", [(1, "purity")]),
    ("clock_in_bench", "bench/b.cpp", "auto t = steady_clock::now();\n", []),
    ("clock_in_comment", "engine/core/h.cpp", "// never steady_clock::now()\n/* nor\n   time(nullptr) */\nint t;\n", []),
    ("clock_in_string", "engine/core/i.cpp", 'auto s = "sleep_for rand( \\" ::now(";\n', []),
    ("clock_after_string", "engine/core/j.cpp", "auto s = \"//\" + f('\"') + clock::now();\n", [(1, "purity")]),
    ("clock_after_separator", "engine/core/k.cpp", "int n = 1'000 + clock::now() + 1'000;\n", [(1, "purity")]),
    ("clock_after_raw_string", "engine/core/l.cpp",
     'auto s = R"(::now(\n"::now()";\nauto t = clock::now();\n', [(3, "purity")]),
    ("clock_in_test_with_reason", "engine/core/d_test.cpp",
     "auto t = clock::now();  // lint: allow clock, the run must end in 100 ms\n", []),
    ("clock_in_test_without_reason", "engine/core/e_test.cpp", "auto t = clock::now();\n", [(1, "purity")]),
    ("reason_outside_a_test", "engine/core/m.cpp",
     "auto t = clock::now();  // lint: allow clock, because\n", [(1, "purity")]),
    ("sleep", "simulators/d.cpp", "void f() { std::this_thread::sleep_for(d); }\n", [(1, "purity")]),
    ("sleep_of_posix", "simulators/e.cpp", "void f() { usleep(5); }\n", [(1, "purity")]),
    ("random_device", "engine/text/f.cpp", "std::random_device device;\n", [(1, "purity")]),
    ("rand", "engine/text/g.cpp", "int i = rand();\n", [(1, "purity")]),
    ("words_that_end_alike", "engine/text/h.cpp", "int i = operand(2) + lifetime(0) + o.time(0) + snow();\n", []),
    ("getrandom", "engine/base/b.cpp", "auto i = getrandom(p, 8, 0);\n", [(1, "purity")]),
    ("thread", "engine/base/c.cpp", "std::jthread worker;\n", [(1, "purity")]),

    # words
    ("machine_path", "docs/a.md", "One\nsee /wo" "rk/main for more\n", [(2, "words")]),
    ("path_that_ends_alike", "docs/b.md", "see docs/wo" "rk/main for more\n", []),
    ("home_of_root", "docs/c.txt", "cd /ro" "ot/x\n", [(1, "words")]),
    ("registry_in_lock", "conformance/x/package-lock.json",
     '{"resolved": "https://registry.npm' 'js.org/smpp"}\n', [(1, "words")]),
    ("registry_of_debian", "ci/sources", "deb http://deb.deb" "ian.org/debian bookworm main\n", [(1, "words")]),

    # scripts
    ("broken_shell", "ci/broken.sh", "#!/usr/bin/env bash\nif true; then\n", [(3, "scripts")]),
    ("broken_shell_without_ending", "ci/broken", "#!/usr/bin/env bash\necho )\n", [(2, "scripts")]),
    ("sound_shell", "ci/sound", "#!/usr/bin/env bash\nif true; then :; fi\n", []),
    ("broken_python", "ci/broken.py", "#!/usr/bin/env python3\n\ndef f(:\n", [(3, "scripts")]),
    ("not_executable", "ci/plain", "#!/usr/bin/env bash\n:\n", [(1, "scripts")]),

    # format
    ("unformatted", "engine/base/d.cpp", "int a;\nint   b;\n", [(2, "format")]),
    ("brace_on_its_own_line", "engine/base/e.hpp", "#pragma once\ninline int a()\n{\n  return 1;\n}\n", [(2, "format")]),

    # alone
    ("header_lacks_an_include", "engine/base/f.hpp", "#pragma once\n\nstd::string lacking();\n", [(3, "alone")]),
    ("header_includes_a_broken_one", "engine/base/g.hpp",
     '#pragma once\n#include "engine/base/f.hpp"\n', [(1, "alone")]),
    ("header_has_its_includes", "engine/base/h.hpp", "#pragma once\n#include <string>\n\nstd::string has();\n", []),
]


def run(check):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        subprocess.run(["git", "init", "-q", root], check=True)
        (root / ".clang-format").write_text((HERE.parent / ".clang-format").read_text())
        for place in ("base", "text", "smpp", "sms", "storage", "core", "server"):
            plant(root, f"engine/{place}/clean.hpp", CLEAN_HEADER)
        for place in ("simulators", "scenarios/player", "bench"):
            plant(root, f"{place}/clean.hpp", CLEAN_HEADER)
        for name, path, text, _ in CASES:
            plant(root, path, text)
            if text.startswith("#!") and name != "not_executable":
                (root / path).chmod(0o755)
        first = places(check(root))
        again = places(check(root))  # the second time the kept results of `alone` answer

    failed = 0
    for name, path, _, expected in CASES:
        wanted = {(path, line, rule) for line, rule in expected}
        for found in (first, again):
            got = {place for place in found if place[0] == path}
            if got != wanted:
                failed += 1
                print(f"lint self-test: {name}: expected {sorted(wanted)}, found {sorted(got)}")
                break
    strays = {place for place in first if place[0] not in {path for _, path, _, _ in CASES}}
    for place in sorted(strays):
        print(f"lint self-test: found in a clean file: {place}")
    failed += bool(strays)
    print(f"{len(CASES) + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


def plant(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def places(results):
    return {(finding.path, finding.line, finding.rule) for findings, _ in results.values() for finding in findings}
