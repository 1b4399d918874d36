"""Child processes of a measurement: started, waited for and ended by their own ids."""
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time


class failed(Exception):
    """A measurement that gave no figure; the words say why."""


@contextlib.contextmanager
def running(command, log):
    """The started program; its output goes to `log`, and it has ended when the block is left."""
    with open(log, "wb") as output:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT)
    process.log = pathlib.Path(log)
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


def until(question, process, what, seconds=15):
    """The first answer of `question` that is not None, while the process lives."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = question()
        if answer is not None:
            return answer
        if process.poll() is not None:
            last = process.log.read_text(errors="replace").strip().splitlines()[-3:]
            raise failed(f"{process.args[0]} ended with {process.returncode}, {what}: {' | '.join(last)}")
        time.sleep(0.02)
    raise failed(f"{process.args[0]}: {what} within {seconds} s")


def announced_port(process):
    """Of a server that prints `listening on 127.0.0.1:PORT`."""
    def question():
        found = re.search(rb"listening on 127\.0\.0\.1:(\d+)", process.log.read_bytes())
        return int(found.group(1)) if found else None
    return until(question, process, "it did not listen")


def ready_port(process, file):
    """Of a signalbox verb with --ready-file."""
    def question():
        return json.loads(file.read_text())["listeners"]["smpp"]["port"] if file.exists() else None
    return until(question, process, "it was not ready")


def free_port():
    """For programs that cannot take port 0. Somebody else may be faster; then the start fails and says so."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def syncs_per_s(folder, seconds):
    """How often the disk makes 4 KiB, overwritten in place, durable."""
    file = os.open(pathlib.Path(folder) / "syncs", os.O_RDWR | os.O_CREAT)
    try:
        block = b"x" * 4096
        for n in range(256):
            os.pwrite(file, block, n * 4096)
        os.fsync(file)
        count, start = 0, time.monotonic()
        while time.monotonic() < start + seconds:
            os.pwrite(file, block, count % 256 * 4096)
            os.fdatasync(file)
            count += 1
        return count / (time.monotonic() - start)
    finally:
        os.close(file)
        os.unlink(pathlib.Path(folder) / "syncs")
