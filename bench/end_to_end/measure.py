"""End to end over loopback: our server and a generator on one machine, peers in the same run.

Each round runs every case once, in turn, so that a machine that slows down slows all of them; the median of the rounds
is printed with the ratios. Every process started here is ended here.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import signal
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/engine/server/signalbox"
NODE_PEER = ROOT / "bench/peers/node_smpp"

CONFIG = """
[server]
smpp = "127.0.0.1:0"
log_level = "warning"
[sms]
first_due_delay_s = {first_due_delay}
[[esme]]
name = "load"
password = "load"
sessions = 100
[[esme]]
name = "sink"
password = "sink"
routing_range = "9.*"
sessions = 100
window = 1000
"""


@contextlib.contextmanager
def ending(process):
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(file, process, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if file.exists():
            return json.loads(file.read_text())
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended with {process.returncode} before it was ready")
        time.sleep(0.02)
    raise RuntimeError(f"{process.args[0]} was not ready in {seconds} s")


@contextlib.contextmanager
def server(folder, first_due_delay):
    folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
    config = folder / "signalbox.toml"
    config.write_text(CONFIG.format(first_due_delay=first_due_delay))
    ready = folder / "ready.json"
    process = subprocess.Popen([PROGRAM, "serve", "--config", config, "--data", folder / "data", "--ready-file", ready])
    with ending(process):
        yield wait_for(ready, process)["listeners"]["smpp"]["port"], process


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def generate(port, count, window, sessions=1):
    command = [PROGRAM, "simulate", "esme", "--connect", f"127.0.0.1:{port}", "--system-id", "load", "--password", "load",
               "--count", str(count), "--window", str(window), "--sessions", str(sessions), "--source", "6666",
               "--destination", "9960200000", "--destinations", "10000", "--text", "Hello World", "--esm-class", "3",
               "--bind", "transmitter", "--duration", "300s", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=330)
    if done.returncode != 0:
        raise RuntimeError(f"the generator failed ({done.returncode}): {done.stdout}{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def accepted(args, folder):
    """submit_sm, durable, submit_sm_resp; delivery is not due within the run."""
    with server(folder, 3600) as (port, process):
        before = cpu_seconds(process.pid)
        report = generate(port, args.count, args.window)
        used = cpu_seconds(process.pid) - before
    return report["accepted_per_s"], used / args.count * 1e6


def delivered(args, folder):
    """the same, and each message delivered to a second session, answered there and gone from the store."""
    with server(folder, 0) as (port, process):
        sink = subprocess.Popen([PROGRAM, "simulate", "esme", "--connect", f"127.0.0.1:{port}", "--system-id", "sink",
                                 "--password", "sink", "--bind", "receiver", "--duration", "300s", "--ready-file",
                                 pathlib.Path(folder) / "sink.json"], stdout=subprocess.DEVNULL)
        with ending(sink):
            wait_for(pathlib.Path(folder) / "sink.json", sink)
            before = cpu_seconds(process.pid)
            report = generate(port, args.count, args.window)
            used = cpu_seconds(process.pid) - before
    (pathlib.Path(folder) / "sink.json").unlink(missing_ok=True)
    return report["accepted_per_s"], used / args.count * 1e6


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def node_server(args, folder):
    """node's smpp package as the server: it answers, and stores nothing."""
    port = free_port()
    process = subprocess.Popen(["node", NODE_PEER / "server.js", str(port)], stdout=subprocess.DEVNULL)
    with ending(process):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.05)
        before = cpu_seconds(process.pid)
        report = generate(port, args.count // 4, args.window)
        used = cpu_seconds(process.pid) - before
    return report["accepted_per_s"], used / (args.count // 4) * 1e6


CASES = {"accepted and durable": accepted, "stored, delivered, removed": delivered,
         "node smpp server, stores nothing": node_server}


def codec(args):
    """submit_sm of 160 octets, decode and encode: ours and node's, in turn."""
    program = ROOT / "build/release/bench/smpp_codec_bench"
    ours, theirs = [], []
    for _ in range(args.rounds):
        run = subprocess.run([program, "--benchmark_filter=^decode_and_encode$", "--benchmark_format=json"],
                             capture_output=True, text=True, check=True)
        rows = json.loads(run.stdout)["benchmarks"]
        ours.append(1e9 / rows[0]["cpu_time"])
        run = subprocess.run(["node", NODE_PEER / "codec.js"], capture_output=True, text=True, check=True)
        theirs.append(float(re.search(r"([\d.]+) per second", run.stdout).group(1)))
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"codec, submit_sm of 160 octets, decode + encode: ours {a:,.0f}/s, node smpp {b:,.0f}/s, ratio {a / b:.1f}")
    return {"ours_per_s": a, "node_per_s": b, "ratio": a / b}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300_000, help="messages a run")
    parser.add_argument("--window", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-peers", action="store_true", help="without node")
    parser.add_argument("--json", help="write the figures here")
    args = parser.parse_args()
    cases = {name: run for name, run in CASES.items() if not (args.no_peers and run is node_server)}
    rates, costs = {name: [] for name in cases}, {name: [] for name in cases}
    folder = tempfile.mkdtemp(prefix="end_to_end.", dir=ROOT / "build")
    try:
        for n in range(args.rounds):
            for name, run in cases.items():
                rate, cost = run(args, folder)
                rates[name].append(rate)
                costs[name].append(cost)
                print(f"round {n + 1}  {name:34} {rate:12,.0f} messages/s  {cost:6.2f} us of server CPU each", flush=True)
    finally:
        shutil.rmtree(folder)
    print(f"\nmedians of {args.rounds}, one session, window {args.window}, generator beside the server")
    figures = {}
    for name in cases:
        figures[name] = {"messages_per_s": statistics.median(rates[name]), "cpu_us": statistics.median(costs[name])}
        print(f"  {name:34} {figures[name]['messages_per_s']:12,.0f} messages/s  {figures[name]['cpu_us']:6.2f} us")
    if not args.no_peers:
        figures["codec"] = codec(args)
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
