"""The page perf/categories.py writes."""
import datetime
import os
import statistics

import machine
from motion_rivals import measured

AIM = 0.95  # of the plain loops
AHEAD = {("efficientnet-lite0", "fp32"): 2, ("efficientnet-lite0", "auto"): 4}  # of the script; any other: ahead
HALF = {"top-1": 0.99, "cosine": 0.999}
GUIDE = ("module 1 (CLIP) on an RTX 5080, batch 128: 10 to 15 batches/s; 55,249 images in 8 min, that is 115 images/s; "
         "about 10,000 images/min, that is 167 images/s")
TITLES = {"efficientnet-lite0": "EfficientNet-Lite0", "vit-b-32": "ViT-B/32, random weights"}


def median(answers, of):
    return statistics.median(getattr(a, of) for a in answers)


def ratio(own, own_of, base, base_of):
    """Median over rounds of own rate / base rate: above 1, own is faster."""
    return statistics.median(getattr(o, own_of) / getattr(b, base_of) for o, b in zip(own, base))


def verdict(value, aim):
    return f"{value:.3f}, aim {aim}: " + ("met" if value >= aim else "MISSED")


def against_script(value, aim):
    if aim:
        return f"{value:.2f}, aim {aim}: " + ("met" if value >= aim else "MISSED")
    return f"{value:.2f}: " + ("ahead" if value > 1 else "LOSS")


def name_setting(s):
    words = [s["precision"], f"batch {s['batch']}", f"{s['workers']} workers", f"{s['threads']} threads",
             f"malloc {s['malloc']}"]
    words += ["channels last"] if s["channels_last"] else []
    words += ["frozen"] if s.get("frozen") else []
    words += [f"{s['processes']} processes"] if s["processes"] > 1 else []
    return ", ".join(words)


def rates(name, rows):
    lines = [f"## {TITLES[name]}", "",
             "| threads | precision asked: taken | pictures | decode alone | session alone | plain loops | flowrun "
             "| flowrun / plain loops | script, best | flowrun / script |", "| --- " * 10 + "|"]
    for row in rows:
        a, planned = row["answers"], row["planned"]
        lines.append(
            f"| {row['threads']} | {row['precision']}: {planned[0]}, batch {planned[1]} | {row['images']} "
            f"| {median(a['decode'], 'loop'):.0f} | {median(a['session'], 'loop'):.1f} "
            f"| {median(a['plain'], 'process'):.1f} ({median(a['plain'], 'loop'):.1f}) "
            f"| {median(a['flowrun'], 'process'):.1f} ({median(a['flowrun'], 'loop'):.1f}) "
            f"| {verdict(ratio(a['flowrun'], 'process', a['plain'], 'process'), AIM)} "
            f"({ratio(a['flowrun'], 'loop', a['plain'], 'loop'):.3f}) "
            f"| {median(a['script'], 'process'):.1f} ({median(a['script'], 'loop'):.1f}; {name_setting(row['script'])}; "
            f"{row['script_images']} pictures) "
            f"| {against_script(ratio(a['flowrun'], 'process', a['script'], 'process'), AHEAD.get((name, row['precision'])))} "
            f"({ratio(a['flowrun'], 'loop', a['script'], 'loop'):.2f}) |")
    return lines


def parts(rows):
    """What a picture costs: CPU ms in the plain loops, and where the calls of flowrun's session were."""
    lines = ["", "CPU ms of a picture in the plain loops; and in flowrun: seconds in the session, all lanes together, as a "
             "share of threads x seconds; pictures of a batch.", "",
             "| threads | precision | read | preprocess | session | labels | session's share of flowrun | of the plain "
             "loops | pictures of a batch |", "| --- " * 9 + "|"]
    for row in rows:
        plain, flowrun = (row["answers"][n][-1] for n in ("plain", "flowrun"))
        stage = next(s for s in flowrun.told["stages"] if s["batches"])
        told = plain.told
        of_flowrun = stage["session_seconds"] / (row["threads"] * flowrun.told["seconds"])
        of_plain = told["session_ms"] / 1000 * told["pictures"] / (row["threads"] * told["seconds"])
        lines.append(f"| {row['threads']} | {row['planned'][0]} | {told['decode_ms']:.2f} | {told['preprocess_ms']:.2f} "
                     f"| {told['session_ms']:.2f} | {told['labels_ms']:.3f} | {of_flowrun:.2f} | {of_plain:.2f} "
                     f"| {stage['rows'] / stage['batches']:.1f} |")
    return lines


def outputs_table(name, outputs):
    lines = ["", "Logits against flowrun's in fp32; cosine of the logits of a picture. The script resizes as OpenCV does, "
             "flowrun as Pillow does.", "", "| | pictures | same best class | mean cosine | least cosine |",
             "| --- | --- | --- | --- | --- |"]
    for what, (count, agreed, cosine, least) in outputs.items():
        aimed = what == "flowrun, bf16" and name == "efficientnet-lite0"
        same = verdict(agreed, HALF["top-1"]) if aimed else f"{agreed:.4f}"
        alike = f"{cosine:.5f}, aim {HALF['cosine']}: {'met' if cosine >= HALF['cosine'] else 'MISSED'}"
        lines.append(f"| {what} | {count} | {same} | {alike if aimed else f'{cosine:.5f}'} | {least:.5f} |")
    return lines


def memory_table(rows):
    lines = ["", "Largest resident memory of a process, MiB (script: without its workers):", "",
             "| threads | precision | plain loops | flowrun | script |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        peak = {n: max(a.peak for a in answers) for n, answers in row["answers"].items()}
        lines.append(f"| {row['threads']} | {row['planned'][0]} | {peak['plain']:.0f} | {peak['flowrun']:.0f} "
                     f"| {peak['script']:.0f} |")
    return lines


def sweep_table(tried):
    lines = ["", "Sweep of the script, images/s of the loop, one run each:", "", "| setting | images/s |", "| --- | --- |"]
    return lines + [f"| {name_setting(s)} | {rate:.1f} |" for s, rate in sorted(tried, key=lambda t: -t[1])]


def guide_table(rows):
    lines = ["## The tuning guide's numbers", "", "The guide's are of another machine and another network: they are no "
             "aim here.", "",
             "| guide | precision here | bare session loop here, images/s | flowrun here, images/s | flowrun / bare |",
             "| --- | --- | --- | --- | --- |"]
    most = max(row["threads"] for row in rows)
    for row in rows:
        if row["threads"] != most:
            continue
        a = row["answers"]
        lines.append(f"| {GUIDE} | {row['planned'][0]}, {most} threads | {median(a['session'], 'loop'):.1f} "
                     f"| {median(a['flowrun'], 'loop'):.1f} | {ratio(a['flowrun'], 'loop', a['session'], 'loop'):.3f} |")
    return lines + ["", "bare session: the calls alone, without reading a picture and making its row, in as many threads."]


def start_table(start):
    base = start['python -c "import torch"']
    lines = ["", "## Start", "", "Seconds from start to exit with one picture, which is to its result; medians.", "",
             '| | s | / python -c "import torch" |', "| --- | --- | --- |"]
    return lines + [f"| {name} | {s:.2f} | {s / base:.2f} |" for name, s in start.items()]


def header(args, results, minutes):
    flowrun = measured([[args.flowrun, "--version"]], os.environ).outputs[0].splitlines()[0]
    row = results[0][1][0]["answers"]
    plain, script = row["plain"][0].told, row["script"][0].told
    files = ", ".join(sorted({os.path.basename(r["answers"]["plain"][0].told["file"]) for _, rows, _, _ in results
                              for r in rows}))
    shortest = min(a.seconds for _, rows, _, _ in results for r in rows for n in ("plain", "flowrun")
                   for a in r["answers"][n])
    return ["# Pictures through networks", "", "Written by perf/categories.py; do not edit.", "",
            f"- {datetime.date.today()}, {machine.describe()}, load at the start {args.load:.2f} (should be near 0)",
            f"- flowrun {flowrun}, {plain['compiler']}, OpenCV {plain['opencv']}, LibTorch {args.torch}; Python "
            f"{script['python']}, torch {script['torch']}, OpenCV {script['opencv']}",
            f"- {args.count} frames of vtest.avi and Megamind.avi as JPEGs (mirrored ones beside where there are too few); "
            "a run takes them or an even share of them",
            f"- networks: {files}; the script: efficientnet-lite0.pt and vit-b-32.pt, the TorchScript of the same weights",
            f"- {args.rounds} rounds in turn (ViT-B/32: one less), medians; shortest run of plain loops and flowrun {shortest:.1f} s; "
            f"{minutes[0]:.1f} minutes, and before them {minutes[1]:.1f} to cut frames and make the second network, once",
            "- images/s and ratios: from start to exit, and in brackets without start-up (flowrun: without opening the network; "
            "the script: without that and its imports). decode and session alone: without",
            "- `flowrun / script`: fp32 is held against the script's best in fp32, auto against its best in any precision; on "
            "one thread against its best on one thread", ""]


def page(args, results, start, minutes):
    lines = header(args, results, minutes)
    for name, rows, outputs, tried in results:
        lines += rates(name, rows) + parts(rows) + outputs_table(name, outputs) + memory_table(rows)
        lines += sweep_table(tried) + [""]
    return "\n".join(lines + guide_table(results[0][1]) + start_table(start)) + "\n"
