#!/usr/bin/env python3
"""A start with very many messages queued: how much memory they take, how soon a bind is answered, when all are known.

Usage: bench/cold_start/measure.py [--count N] [--text OCTETS] [--destinations N] [--program FILE]

N messages for an ESME that never binds are sent to a server, which is then killed and started again: `bind` is from
the start of the process to the response of the first bind, `all known` to the first of the old messages that is
delivered. Memory is VmRSS of the server with all of them queued, less that of the same server before the first.
"""
import argparse
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench/peers"))
from processes import free_port, ready_port, running  # noqa: E402

CONFIG = """
[server]
smpp = "127.0.0.1:0"
[sms]
throttle_backlog = 0
[[esme]]
name = "sender"
password = "secret"
window = 1000
sessions = 4
routing_range = "7777"
[[esme]]
name = "absent"
password = "secret"
window = 1000
routing_range = "9.*"
"""
LOAD = """
set COUNT = 1000000
set DESTINATIONS = 10000
set TEXT = x
given esme sender password=secret sessions=4 window=1000 actor.window=1000 actor.bind=transmitter
traffic queue from sender count=${COUNT} source=1/1/6666 dest=1/1/9000000000+${DESTINATIONS} text="${TEXT}" esm_class=3
threshold errors <= 0
"""


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


class session:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)

    def send(self, command, sequence, body=b"", status=0):
        self.socket.sendall(struct.pack(">IIII", 16 + len(body), command, status, sequence) + body)

    def read(self, octets):
        data = b""
        while len(data) < octets:
            part = self.socket.recv(octets - len(data))
            if not part:
                raise EOFError("the server closed the connection")
            data += part
        return data

    def receive(self):
        length, command, status, sequence = struct.unpack(">IIII", self.read(16))
        return command, status, sequence, self.read(length - 16)

    def bind(self, name):
        self.send(0x09, 1, name.encode() + b"\0secret\0\0\x34\0\0\0")
        command, status, _, _ = self.receive()
        if (command, status) != (0x80000009, 0):
            raise RuntimeError(f"bind answered {command:#x} with status {status:#x}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--text", type=int, default=100, help="octets of each message")
    options.add_argument("--destinations", type=int, default=10_000, help="different addresses")
    options.add_argument("--program", default=str(ROOT / "build/release/engine/server/signalbox"))
    run = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="signalbox-cold-") as name:
        place = pathlib.Path(name)
        (place / "signalbox.toml").write_text(CONFIG)
        (place / "queue.load").write_text(LOAD)
        ready = place / "ready"
        serve = [run.program, "serve", "--config", place / "signalbox.toml", "--data", place / "data", "--ready-file", ready]
        with running(serve, place / "first.log") as server:
            port = ready_port(server, ready)
            empty = resident(server.pid)
            done = subprocess.run(
                [run.program, "load", str(place / "queue.load"), "--quiet", "--target", f"127.0.0.1:{port}", "--set",
                 f"COUNT={run.count}", "--set", f"DESTINATIONS={run.destinations}", "--set", f"TEXT={'x' * run.text}"],
                capture_output=True, text=True)
            if done.returncode not in (0, 5):
                print(done.stdout, done.stderr, file=sys.stderr)
                return 1
            time.sleep(2)  # the last retries are scheduled
            full = resident(server.pid)
            server.kill()
            server.wait()
        ready.unlink(missing_ok=True)
        began = time.monotonic()
        with running(serve, place / "second.log") as server:
            while not ready.exists():
                time.sleep(0.002)
            port = ready_port(server, ready)
            peer = session(port)
            peer.bind("absent")
            bound = time.monotonic() - began
            while peer.receive()[0] != 0x05:
                pass
            known = time.monotonic() - began
            again = resident(server.pid)
        print(f"{run.count:,} messages of {run.text} octets for {run.destinations:,} addresses")
        print(f"memory of a queued message  {(full - empty) / run.count:6.0f} octets ({full >> 20} MiB in all)")
        print(f"after the start             {(again - empty) / run.count:6.0f} octets")
        print(f"bind answered               {bound:6.2f} s after the start of the process")
        print(f"all known                   {known:6.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
