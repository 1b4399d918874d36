"""The results as one HTML file without network: a bar chart for each case (SVG), and the figures as a table."""
import html as markup

COLOURS = {"synced": "--synced", "file, not synced": "--file", "nothing": "--nothing", "unknown": "--nothing"}
STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --faint: #66707a; --line: #d5dade; --ground: #ffffff;
        --synced: #1f6fb2; --file: #c77700; --nothing: #8b949c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8eb; --faint: #9aa4ad; --line: #3a424a; --ground: #14181c;
          --synced: #5aa9e6; --file: #e9a23b; --nothing: #7d8790; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 62rem;
       margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin: 1.8rem 0 .3rem; }
p { margin: .3rem 0; } .faint { color: var(--faint); }
svg { width: 100%; height: auto; } svg text { font: 13px system-ui, sans-serif; fill: var(--ink); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child, th:last-child, td:last-child { text-align: left; }
.key { display: inline-block; width: .8rem; height: .8rem; margin: 0 .35rem 0 1rem; border-radius: 2px; }
.key:first-child { margin-left: 0; }
"""


def html(results):
    machine, settings, syncs = results["machine"], results["settings"], results["syncs_per_s"]
    parts = ["<!doctype html><html lang=en><meta charset=utf-8>",
             "<meta name=viewport content='width=device-width, initial-scale=1'>",
             "<title>SMPP servers side by side</title>",
             f"<style>{STYLE}</style><h1>SMPP servers side by side</h1>",
             f"<p>Messages a second, medians of {settings['rounds']} rounds; the thin line is the lowest and the "
             f"highest round. {settings['seconds']} s or {settings['count']:,} messages a measurement, generator on the same "
             "machine.</p>",
             f"<p class=faint>{results['began']}, {machine['cores']} cores, {escape(machine['processor'])}, "
             f"{escape(machine['system'])}; the disk did {syncs['median']:,.0f} syncs/s of 4 KiB "
             f"({syncs['min']:,.0f} - {syncs['max']:,.0f}).</p>",
             "<p>What is durable when the answer leaves: " + "".join(
                 f"<span class=key style='background:var({COLOURS[kind]})'></span>{kind}"
                 for kind in ("synced", "file, not synced", "nothing")) + "</p>"]
    for case, words in results["cases"].items():
        rows = [(name, s, s["cases"][case]) for name, s in results["servers"].items() if case in s["cases"]]
        if rows:
            parts += [f"<h2>{escape(words)}</h2>", chart(words, rows), table(rows)]
    if codec := results.get("codec"):
        ours, theirs = codec["signalbox"]["median"], codec["node_smpp"]["median"]
        parts.append(f"<h2>codec</h2><p>submit_sm of 160 octets, decode and encode: Signalbox {ours:,.0f}/s, "
                     f"node's smpp {theirs:,.0f}/s, ratio {ours / theirs:.1f}.</p>")
    parts += [f"<p>Skipped {escape(name)}: {escape(why)}</p>" for name, why in results["skipped"].items()]
    parts += [f"<p>Failed: {escape(f['server'])}, {escape(f['case'])}, round {f['round']}: {escape(f['why'])}</p>"
              for f in results["failures"]]
    return "\n".join(parts) + "\n</html>\n"


def chart(words, rows):
    """Horizontal bars on one scale from zero; beside each its figure, across its end the spread."""
    width, left, right, step = 960, 360, 110, 28
    most = max(figures["per_s"]["max"] for *_, figures in rows)
    def along(value):
        return left + (width - left - right) * value / most
    height = step * len(rows) + 8
    out = [f"<svg viewBox='0 0 {width} {height}' role=img aria-label='{escape(words)}'>"]
    for n, (_, s, figures) in enumerate(rows):
        rate, top = figures["per_s"], 6 + n * step
        end, low, high = along(rate["median"]), along(rate["min"]), along(rate["max"])
        middle = top + 9
        out.append(f"<text x={left - 8} y={middle + 5} text-anchor=end>{escape(s['words'])}</text>"
                   f"<rect x={left} y={top} width={max(1, end - left):.1f} height=18 rx=2 "
                   f"fill='var({COLOURS[s['durable']]})'/>"
                   f"<path d='M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 5}v10M{high:.1f} {middle - 5}v10' "
                   "stroke='var(--ink)' stroke-width=1.2 fill=none />"
                   f"<text x={max(end, high) + 8:.1f} y={middle + 5}>{rate['median']:,.0f}</text>")
    out.append(f"<path d='M{left} 2V{height - 2}' stroke='var(--line)'/></svg>")
    return "".join(out)


def table(rows):
    head = ["server", "messages/s", "lowest", "highest", "Signalbox / this", "CPU a message", "p50", "p99", "durable"]
    out = ["<div class=wide><table><tr>" + "".join(f"<th>{h}</th>" for h in head) + "</tr>"]
    for _, s, f in rows:
        rate = f["per_s"]
        cells = [escape(s["words"]), f"{rate['median']:,.0f}", f"{rate['min']:,.0f}", f"{rate['max']:,.0f}",
                 f"{f['signalbox_ratio']['median']:.2f}" if "signalbox_ratio" in f else "",
                 f"{f['cpu_us']['median']:.2f} us" if f["cpu_us"] else "", milliseconds(f["p50_us"]),
                 milliseconds(f["p99_us"]), s["durable"]]
        out.append("<tr>" + "".join(f"<td>{c}</td>" for c in cells) + "</tr>")
    return "".join(out) + "</table></div>"


def milliseconds(microseconds):
    return f"{microseconds['median'] / 1000:.2f} ms" if microseconds else ""


def escape(words):
    return markup.escape(str(words), quote=True)
