"""The page perf/faces.py writes."""
import datetime
import os

import machine
from categories_page import against_script, median, ratio, verdict
from motion_rivals import measured

AIM = 0.95  # of the plain loops
TITLES = {"videos": "Videos", "photos": "Photos"}
PARTS = {"decode_ms": "read", "put_ms": "letterbox", "find_ms": "detector", "choose_ms": "boxes", "align_ms": "chips",
         "embed_ms": "embedder", "keep_ms": "vectors"}


def name_setting(s):
    words = [f"{s['processes']} processes"] if s["processes"] > 1 else []
    words += [f"{s['workers']} workers", f"{s['threads']} threads", f"{s['pictures']} pictures and {s['faces']} faces a call",
              f"engine {s['engine']}", f"malloc {s['malloc']}"]
    return ", ".join(words + [flag.replace("_", " ") for flag in ("frozen", "channels_last") if s.get(flag)])


def rates(on, rows):
    lines = [f"## {TITLES[on.name]}", "",
             f"{on.pictures} pictures a run; pictures/s from start to exit, and in brackets without start-up.", "",
             "| threads | plain loops | flowrun | flowrun / plain loops | script, best | flowrun / script |",
             "| --- " * 6 + "|"]
    for row in rows:
        a = row["answers"]
        lines.append(
            f"| {row['threads']} | {median(a['plain'], 'process'):.2f} ({median(a['plain'], 'loop'):.2f}) "
            f"| {median(a['flowrun'], 'process'):.2f} ({median(a['flowrun'], 'loop'):.2f}) "
            f"| {verdict(ratio(a['flowrun'], 'process', a['plain'], 'process'), AIM)} "
            f"({ratio(a['flowrun'], 'loop', a['plain'], 'loop'):.3f}) "
            f"| {median(a['script'], 'process'):.2f} ({median(a['script'], 'loop'):.2f}) ({name_setting(row['script'])}) "
            f"| {against_script(ratio(a['flowrun'], 'process', a['script'], 'process'), None)} "
            f"({ratio(a['flowrun'], 'loop', a['script'], 'loop'):.2f}) |")
    return lines


def compared_table(compared):
    lines = ["", "What they find, compared before timing. Faces: pairs of boxes that share at least half of their joined "
             "area. Adjusted Rand: of the identities of these, those that belong to nobody as one of them.", "",
             "| | faces | identities | faces of nobody | faces that flowrun found too | adjusted Rand |",
             "| --- " * 6 + "|"]
    for name, (count, identities, noise, same, rand) in compared.items():
        lines.append(f"| {name} | {count} | {identities} | {noise} | {same} | {rand:.4f} |")
    return lines


def parts_table(rows):
    lines = ["", "CPU ms of a picture, plain loops:", "",
             "| threads | " + " | ".join(PARTS.values()) + " | clustering, once, ms |", "| --- " * (len(PARTS) + 2) + "|"]
    for row in rows:
        told = row["answers"]["plain"][-1].told
        lines.append(f"| {row['threads']} | " + " | ".join(f"{told[k]:.2f}" for k in PARTS) +
                     f" | {told['cluster_seconds'] * 1000:.1f} |")
    lines += ["", "Ms of a picture in the networks, all threads together (script: boxes and chips with it), and of the "
              "clustering, once; largest resident memory of a process, MiB (script: of its largest).", "",
              "| threads | flowrun, detector | script, detector | flowrun, embedder | faces of a call | script, embedder "
              "| script, clustering | plain loops, MiB | flowrun, MiB | script, MiB |", "| --- " * 10 + "|"]
    for row in rows:
        a = row["answers"]
        flowrun, script = a["flowrun"][-1].told, a["script"][-1].told
        stage = {s["name"]: s for s in flowrun["stages"]}
        ms = 1000 / script["pictures"]
        peak = {name: max(x.peak for x in answers) for name, answers in a.items()}
        lines.append(f"| {row['threads']} | {stage['find']['session_seconds'] * ms:.2f} | {script['detect_seconds'] * ms:.2f} "
                     f"| {stage['embed']['session_seconds'] * ms:.2f} "
                     f"| {stage['embed']['rows'] / max(1, stage['embed']['batches']):.1f} "
                     f"| {script['embed_seconds'] * ms:.2f} | {script['cluster_seconds'] * 1000:.1f} "
                     f"| {peak['plain']:.0f} | {peak['flowrun']:.0f} | {peak['script']:.0f} |")
    return lines


def sweep_table(tried):
    lines = ["", "Sweep of the script on a part of them, pictures/s without start-up, one run each:", "",
             "| setting | pictures/s |", "| --- | --- |"]
    return lines + [f"| {name_setting(s)} | {rate:.2f} |" for s, rate in sorted(tried, key=lambda t: -t[1])] + [""]


def header(args, r, results, minutes):
    flowrun = measured([[args.flowrun, "--version"]], os.environ).outputs[0].splitlines()[0]
    answers = results[0][1][0]["answers"]
    plain, script = answers["plain"][0].told, answers["script"][0].told
    shortest = min(a.seconds for _, rows, _, _ in results for row in rows for of in row["answers"].values() for a in of)
    planned = "; ".join(f"{stage}: {model}, {precision}, batch {batch}"
                        for stage, (model, precision, batch) in r.planned.items())
    return ["# Who is in pictures and videos", "", "Written by perf/faces.py; do not edit.", "",
            f"- {datetime.date.today()}, {machine.describe()}, load at the start {args.load:.2f} (should be near 0)",
            f"- flowrun {flowrun}, {plain['compiler']}, OpenCV {plain['opencv']}; Python {script['python']}, torch "
            f"{script['torch']}, OpenCV {script['opencv']}, hdbscan {script['hdbscan']}",
            f"- networks: {plain['files']}; the script: {os.path.basename(args.detector)} by cv2.dnn, "
            f"{os.path.basename(args.embedder)} by torch; planned: {planned}",
            f"- videos: vtest.avi and Megamind.avi, every {results[0][0].every_nth}th frame"
            + (f", at most {args.max_frames} of each" if args.max_frames else "") +
            f"; photos: {args.photos} crops of Debian's sample pictures at differing sizes, most of them with faces",
            f"- {args.rounds} rounds in turn, medians; shortest run {shortest:.1f} s; {minutes:.1f} minutes in all",
            "- ratios: from start to exit, and in brackets without opening the networks and the script's imports; the script on "
            "one thread: its best on one thread", ""]


def page(args, r, results, minutes):
    lines = header(args, r, results, minutes)
    for on, rows, compared, tried in results:
        lines += rates(on, rows) + compared_table(compared) + parts_table(rows) + sweep_table(tried)
    return "\n".join(lines)
