"""The servers that are measured: how each is started, what it can be asked, what is durable when it answers.

A server is a class with `name`, `words`, `durable`, `cases`, `missing()` (why it cannot run here, or None) and
`measure(case, run)`, which starts it afresh, measures one case and ends it.
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import time
import urllib.request

from processes import announced_port, cpu_seconds, failed, free_port, ready_port, running, until

HERE = pathlib.Path(__file__).resolve().parent
NODE_MODULES = HERE.parents[1] / "conformance/interop/node_modules"

# name: (words, load scenario, sessions, window)
CASES = {
    "window_1": ("accepted, 1 session, window 1", "accepted.load", 1, 1),
    "window_1000": ("accepted, 1 session, window 1000", "accepted.load", 1, 1000),
    "sessions_4": ("accepted, 4 sessions, window 100", "accepted.load", 4, 100),
    "delivered": ("delivered, 4 sessions, window 100", "delivered.load", 4, 100),
}
ACCEPTED = ["window_1", "window_1000", "sessions_4"]
NOTHING, FILE, SYNCED = "nothing", "file, not synced", "synced"


def load(case, run, port, pid):
    """The generator against a server that listens on `port`: one figure."""
    words, file, sessions, window = CASES[case]
    command = [run.program, "load", HERE / file, "--target", f"{port}" if ":" in str(port) else f"127.0.0.1:{port}",
               "--json", "--quiet"]
    for name, value in {"SESSIONS": sessions, "WINDOW": window, "COUNT": run.count, "SECONDS": run.seconds}.items():
        command += ["--set", f"{name}={value}"]
    before = cpu_seconds(pid) if pid else 0
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=run.seconds + 90)
    used = cpu_seconds(pid) - before if pid else None
    if done.returncode != 0:
        held = [] if not done.stdout.startswith("{") else [
            f"{t['threshold']} (is {t['value']})" for t in json.loads(done.stdout)["thresholds"] if not t["held"]]
        raise failed(f"the generator ended with {done.returncode}: {'; '.join(held) or done.stderr.strip()}")
    report = json.loads(done.stdout)
    delivered = case == "delivered"
    latency = report["latency"]["deliver" if delivered else "submit_resp"]
    count = report["summary"]["accepted"]
    return {"per_s": report["metrics"]["delivered_per_s" if delivered else "throughput"], "messages": count,
            "cpu_us": used / count * 1e6 if pid else None, "p50_us": latency["p50_us"], "p99_us": latency["p99_us"],
            "generator_cpu_percent": report["generator"]["cpu_percent"]}


class server:
    """One that announces its port and takes submissions."""
    cases = ACCEPTED
    durable = NOTHING

    def missing(self):
        return None

    def measure(self, case, run):
        with running(self.command(run), run.folder / f"{self.name}.log") as process:
            return load(case, run, announced_port(process), process.pid)


class floor(server):
    name = "floor"
    words = "bare floor: answers, looks at nothing (bench/floor)"

    def command(self, run):
        return [run.build / "bench/floor_responder"]


class floor_log(floor):
    name = "floor_log"
    words = "bare floor with group commit to the message log"
    durable = SYNCED

    def command(self, run):
        shutil.rmtree(run.folder / "floor_log", ignore_errors=True)
        return [*super().command(run), run.folder / "floor_log"]


class signalbox(server):
    name = "signalbox"
    words = "Signalbox, message log"
    durable = SYNCED
    cases = [*ACCEPTED, "delivered"]

    # In the accepted cases nothing is due for delivery within the run.
    CONFIG = """
[server]
smpp = "127.0.0.1:0"
log_level = "warning"
[sms]
first_due_delay_s = {first_due_delay}
outstanding_per_destination = 1000
max_stored = 5000000
[[esme]]
name = "load"
password = "load"
sessions = 10
window = 1000
routing_range = "6666"
[[esme]]
name = "sink"
password = "sink"
routing_range = "99602.*"
sessions = 10
window = 1000
"""

    def measure(self, case, run):
        folder = run.folder / "signalbox"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        config, ready = folder / "signalbox.toml", folder / "ready.json"
        config.write_text(self.CONFIG.format(first_due_delay=0 if case == "delivered" else 3600))
        command = [run.program, "serve", "--config", config, "--data", folder / "data", "--ready-file", ready]
        with running(command, run.folder / "signalbox.log") as process:
            return load(case, run, ready_port(process, ready), process.pid)


class node_smpp(server):
    name = "node_smpp"
    words = "node's smpp package as a server"

    def missing(self):
        if not shutil.which("node"):
            return "there is no node; run ci/setup"
        return None if (NODE_MODULES / "smpp").exists() else "npm's smpp is not installed; run ci/setup"

    def command(self, run):
        return ["node", HERE / "node_smpp/server.js", "0"]


class net_smpp(server):
    name = "net_smpp"
    words = "Perl's Net::SMPP as a server"

    def missing(self):
        if not shutil.which("perl"):
            return "there is no perl; run ci/setup"
        found = subprocess.run(["perl", "-MNet::SMPP", "-e", "1"], capture_output=True).returncode == 0
        return None if found else "Net::SMPP is not installed; run ci/setup"

    def command(self, run):
        return ["perl", HERE / "net_smpp/server.pl", "0"]


class kannel(server):
    """bearerbox between two message centres of ours (README.md says what that measures)."""
    name = "kannel"
    words = "Kannel: bearerbox, SMPP in and out"
    durable = FILE
    cases = ["delivered"]
    FASTEST = 15_000  # messages/s; sets how many make about `seconds`

    # Debian has it where only root's PATH leads.
    program = next((p for p in ("/usr/sbin/bearerbox", "/usr/local/sbin/bearerbox") if os.access(p, os.X_OK)),
                   shutil.which("bearerbox"))

    def missing(self):
        return None if self.program else "there is no bearerbox; run ci/setup"

    def measure(self, case, run):
        _, _, sessions, window = CASES[case]
        count = min(run.count, int(self.FASTEST * run.seconds))
        folder = run.folder / "kannel"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        admin, source = free_port(), free_port()
        with contextlib.ExitStack() as all_of_them:
            def centre(name, port, *options):
                ready = folder / f"{name}.json"
                command = [run.program, "simulate", "smsc", "--listen", f"127.0.0.1:{port}", "--ready-file", ready,
                           *options]
                process = all_of_them.enter_context(running(command, folder / f"{name}.log"))
                return ready_port(process, ready)
            sink = centre("sink", 0, "--receipts", "no")
            config = folder / "kannel.conf"
            config.write_text(self.config(folder, admin, source, sink, sessions))
            box = all_of_them.enter_context(running([self.program, "-v", "3", config], folder / "bearerbox.log"))
            until(lambda: len(re.findall(r"out\[out\].*\(online", self.ask(admin))) == 2 or None, box,
                  "it was not bound")
            # What comes before there is a way out is refused: the sending begins with the first bind.
            centre("source", source, "--window", window, "--mobile-count", count, "--mobile-destination", "9960200000",
                   "--mobile-destinations", 10000, "--mobile-text", "Hello World {n}", "--stay", "600s")
            return self.watch(box, admin, count)

    def config(self, folder, admin, source, sink, sessions):
        text = (HERE / "kannel/kannel.conf").read_text()
        core, way_in, way_out, smsbox = text.split("# --\n")[1:]
        groups = core + "".join(way_in.replace("@NUMBER@", str(n)) for n in range(sessions)) + way_out * 2 + smsbox
        values = {"ADMIN": admin, "SMSBOX": free_port(), "SENDSMS": free_port(), "SOURCE": source, "SINK": sink,
                  "STORE": folder / "store"}
        return re.sub(r"@(\w+)@", lambda found: str(values[found.group(1)]), groups)

    def ask(self, admin):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{admin}/status.txt?password=admin", timeout=5) as page:
                return page.read().decode(errors="replace")
        except OSError:
            return ""

    def watch(self, box, admin, count):
        """From the first look that shows messages sent to the first that shows all of them."""
        def sent():
            found = re.search(r"SMS: received \d+.*?, sent (\d+)", self.ask(admin))
            return int(found.group(1)) if found else 0

        first = seen = until(lambda: sent() or None, box, "it sent nothing")
        start = moved = time.monotonic()
        cpu = cpu_seconds(box.pid)
        while seen < count:
            time.sleep(0.05)
            before, seen = seen, sent()
            if seen != before:
                moved = time.monotonic()
            elif time.monotonic() > moved + 10:
                raise failed(f"bearerbox had sent {seen} of {count} and then nothing for 10 s")
        messages, spent = count - first, moved - start
        if messages <= 0:
            raise failed("too few messages to measure")
        used = cpu_seconds(box.pid) - cpu
        return {"per_s": messages / spent, "messages": messages, "cpu_us": used / messages * 1e6, "p50_us": None, "p99_us": None, "generator_cpu_percent": None}


class other(server):
    """Somebody's server that is running already: NAME=HOST:PORT or NAME=HOST:PORT,PID."""
    durable = "unknown"

    def __init__(self, text):
        found = re.fullmatch(r"(\w+)=([^,]+:\d+)(?:,(\d+))?", text)
        if not found:
            raise ValueError(f"--other {text}: write it as NAME=HOST:PORT or NAME=HOST:PORT,PID")
        self.name, self.target = found.group(1), found.group(2)
        self.pid = int(found.group(3)) if found.group(3) else None
        self.words = f"{self.name} at {self.target}"

    def measure(self, case, run):
        return load(case, run, self.target, self.pid)


ALL = [floor(), floor_log(), signalbox(), node_smpp(), net_smpp(), kannel()]
