"""Side by side: SMPP servers on one machine, one after another, with one generator, message and window.

Each round measures every server in turn, so that a machine that slows down slows all of them. Printed are medians of
the rounds with their spread, and Signalbox's ratio to each. The generator is `signalbox load`; README.md says what each
case is. Every process started here is ended here, ports are free ones on the loopback interface.

Exit status: 0 done; 1 a measurement failed (the others went on); 2 usage; 3 a server is missing and was skipped.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import page
from processes import failed, syncs_per_s
from servers import ALL, CASES, NODE_MODULES, other

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODEC = "codec"  # not a server: submit_sm of 160 octets decoded and encoded, ours and node's


class run_settings:
    def __init__(self, args, folder):
        self.folder, self.count, self.seconds, self.build = pathlib.Path(folder), args.count, args.seconds, args.build
        self.program = args.build / "engine/server/signalbox"


def main():
    args, chosen = arguments()
    for program in (args.build / "engine/server/signalbox", args.build / "bench/floor_responder"):
        if not program.exists():
            print(f"peers: there is no {program}; bench/run peers builds it", file=sys.stderr)
            return 3
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    skipped = {s.name: why for s in chosen["servers"] if (why := s.missing())}
    if chosen["codec"] and not (NODE_MODULES / "smpp").exists():
        skipped[CODEC] = "npm's smpp is not installed; run ci/setup"
    for name, why in skipped.items():
        print(f"skipped {name}: {why}", flush=True)
    servers = [s for s in chosen["servers"] if s.name not in skipped]

    rounds = {s.name: {case: [] for case in s.cases if not args.case or case in args.case} for s in servers}
    syncs, codec, failures = [], [], []
    began = time.time()
    with tempfile.TemporaryDirectory(prefix="peers.", dir=args.build) as folder:
        settings = run_settings(args, folder)
        for n in range(1, args.rounds + 1):
            syncs.append(syncs_per_s(folder, min(1, args.seconds)))
            print(f"round {n}  disk: {syncs[-1]:,.0f} syncs/s", flush=True)
            for s in servers:
                for case, figures in rounds[s.name].items():
                    measure_one(n, s, case, settings, figures, failures)
            if chosen["codec"] and CODEC not in skipped:
                try:
                    codec.append(codec_rates(args))
                except (OSError, subprocess.SubprocessError) as why:
                    failures.append({"round": n, "server": CODEC, "case": "decode and encode", "why": str(why)})

    results = summary(servers, rounds, syncs, codec, failures, skipped, args, began)
    print("\n" + text(results))
    write(args.json, json.dumps(results, indent=1) + "\n")
    write(args.html, page.html(results))
    print(f"\nwritten: {args.json}, {args.html}")
    return 1 if failures else 3 if skipped else 0


def arguments():
    parser = argparse.ArgumentParser(prog="bench/run peers", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [s.name for s in ALL] + [CODEC]
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=1_000_000, help="messages of one measurement, at most")
    parser.add_argument("--seconds", type=int, default=3, help="sending time of one measurement, at most")
    parser.add_argument("--only", action="append", default=[], metavar="NAME",
                        help=f"may be repeated, or a list with commas: {', '.join(names)}")
    parser.add_argument("--case", action="append", default=[], choices=list(CASES), help="may be repeated")
    parser.add_argument("--other", action="append", default=[], metavar="NAME=HOST:PORT[,PID]",
                        help="a server that runs already and lets load/load bind; with its pid its CPU is told")
    parser.add_argument("--smoke", action="store_true", help="one short round: shows that everything works")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", help="the build's directory")
    parser.add_argument("--json", type=pathlib.Path, help="[BUILD/bench/peers.json]")
    parser.add_argument("--html", type=pathlib.Path, help="[BUILD/bench/peers.html]")
    args = parser.parse_args()
    args.build = args.build.resolve()
    args.json = args.json or args.build / "bench/peers.json"
    args.html = args.html or args.build / "bench/peers.html"
    if args.smoke:
        args.rounds, args.seconds, args.count = 1, 1, min(args.count, 20_000)
    for name in ("rounds", "count", "seconds"):
        if not 1 <= getattr(args, name) <= 1_000_000_000:
            parser.error(f"--{name}: a number from 1 on")
    only = [name for words in args.only for name in words.split(",")]
    for name in only:
        if name not in names:
            parser.error(f"--only {name}: one of {', '.join(names)}")
    try:
        others = [other(words) for words in args.other]
    except ValueError as wrong:
        parser.error(str(wrong))
    servers = [s for s in ALL if not only or s.name in only] + others
    return args, {"servers": servers, "codec": CODEC in only or not only and not args.case}


def measure_one(n, s, case, settings, figures, failures):
    try:
        got = s.measure(case, settings)
    except (failed, OSError, subprocess.SubprocessError) as why:
        failures.append({"round": n, "server": s.name, "case": case, "why": str(why)})
        print(f"round {n}  {s.name:10} {CASES[case][0]:33} FAILED: {why}", flush=True)
        return
    figures.append({"round": n, **got})
    cost = "" if got["cpu_us"] is None else f"  {got['cpu_us']:6.2f} us of its CPU each"
    print(f"round {n}  {s.name:10} {CASES[case][0]:33} {got['per_s']:12,.0f} messages/s{cost}", flush=True)


def codec_rates(args):
    """submit_sm of 160 octets, decode and encode, per second: ours and node's, in turn."""
    run = subprocess.run([args.build / "bench/smpp_codec_bench", "--benchmark_filter=^decode_and_encode$",
                          "--benchmark_format=json"], capture_output=True, text=True, check=True)
    ours = 1e9 / json.loads(run.stdout)["benchmarks"][0]["cpu_time"]
    run = subprocess.run(["node", ROOT / "bench/peers/node_smpp/codec.js", str(args.seconds)], capture_output=True,
                         text=True, check=True)
    return {"signalbox": ours, "node_smpp": float(re.search(r"([\d.]+) per second", run.stdout).group(1))}


def spread(values):
    known = [v for v in values if v is not None]
    return {"median": statistics.median(known), "min": min(known), "max": max(known)} if known else None


def summary(servers, rounds, syncs, codec, failures, skipped, args, began):
    all_of_it = {"format": "signalbox peers 1", "machine": machine(),
                 "began": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began)),
                 "settings": {"rounds": args.rounds, "count": args.count, "seconds": args.seconds},
                 "cases": {name: words for name, (words, *_) in CASES.items()},
                 "syncs_per_s": spread(syncs), "servers": {}, "skipped": skipped, "failures": failures}
    for s in servers:
        cases = {}
        for case, figures in rounds[s.name].items():
            if figures:
                cases[case] = {key: spread([f[key] for f in figures]) for key in figures[0] if key != "round"}
                cases[case]["rounds"] = figures
        all_of_it["servers"][s.name] = {"words": s.words, "durable": s.durable, "cases": cases}
    ours = all_of_it["servers"].get("signalbox", {"cases": {}})["cases"]
    for figures in all_of_it["servers"].values():
        for case, of_case in figures["cases"].items():
            # Within a round the machine and its disk were much the same, so the ratio is the median of the rounds' own.
            theirs = {f["round"]: f["per_s"] for f in of_case["rounds"]}
            ratios = [f["per_s"] / theirs[f["round"]] for f in ours.get(case, {"rounds": []})["rounds"]
                      if f["round"] in theirs]
            if ratios:
                of_case["signalbox_ratio"] = spread(ratios)
    if codec:
        all_of_it["codec"] = {name: spread([one[name] for one in codec]) for name in codec[0]}
    return all_of_it


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.+)", info)
    return {"cores": os.cpu_count(), "processor": model.group(1) if model else platform.machine(),
            "system": f"{platform.system()} {platform.release()}"}


def text(results):
    lines = [f"medians of {results['settings']['rounds']} (lowest - highest), messages/s; CPU is the server's, a "
             "message; ratio is Signalbox / this one, the median of the rounds'"]
    for case, words in results["cases"].items():
        rows = [(s, s["cases"][case]) for s in results["servers"].values() if case in s["cases"]]
        if rows:
            lines += ["", words]
        for s, figures in rows:
            rate, cpu, ratio = figures["per_s"], figures["cpu_us"], figures.get("signalbox_ratio")
            rates = f"{rate['median']:11,.0f}  ({rate['min']:,.0f} - {rate['max']:,.0f})"
            lines.append(f"  {s['words']:50} {rates:38}" +
                         (f"{cpu['median']:8.2f} us" if cpu else " " * 11) +
                         (f"  ratio {ratio['median']:6.2f}" if ratio else "") + f"  durable: {s['durable']}")
    syncs = results["syncs_per_s"]
    lines += ["", f"disk: {syncs['median']:,.0f} syncs/s of 4 KiB ({syncs['min']:,.0f} - {syncs['max']:,.0f})"]
    if codec := results.get("codec"):
        ours, theirs = codec["signalbox"]["median"], codec["node_smpp"]["median"]
        lines.append(f"codec, submit_sm of 160 octets, decode + encode: ours {ours:,.0f}/s, "
                     f"node's smpp {theirs:,.0f}/s, ratio {ours / theirs:.1f}")
    lines += [f"skipped {name}: {why}" for name, why in results["skipped"].items()]
    lines += [f"FAILED {f['server']}, {f['case']}, round {f['round']}: {f['why']}" for f in results["failures"]]
    return "\n".join(lines)


def write(file, words):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(words)


if __name__ == "__main__":
    sys.exit(main())
