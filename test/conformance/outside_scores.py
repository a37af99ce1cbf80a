"""Scores every pair of a folder with meeteval and pyannote.metrics; one JSON object a line. Called by score.conformance.ts."""
import json
import sys
from pathlib import Path

import meeteval
from meeteval.io.stm import STM
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate


def annotation(path):
    found = Annotation()
    for i, line in enumerate(path.read_text().splitlines()):
        fields = line.split()
        start = float(fields[3])
        found[Segment(start, start + float(fields[4])), i] = fields[7]
    return found


def rate(of):
    return {"errors": int(of.errors), "words": int(of.length)}


for reference in sorted(Path(sys.argv[1]).glob("*.ref.stm")):
    name = reference.name.split(".")[0]
    r, h = STM.load(reference), STM.load(reference.with_name(f"{name}.hyp.stm"))
    text = lambda side: " ".join(line["words"] for line in side.to_seglst().sorted("start_time"))
    plain = meeteval.wer.wer.siso.siso_word_error_rate(text(r), text(h))
    cp = meeteval.wer.cpwer(r, h)
    tcp = meeteval.wer.tcpwer(r, h, collar=5)
    turns = [annotation(reference.with_name(f"{name}.{side}.rttm")) for side in ("ref", "hyp")]
    everything = Timeline([Segment(0, 100000)])
    der = {}
    for key, collar in (("collar0", 0.0), ("collar250", 0.5)):
        # pyannote's collar is the whole width around a border, ours each side of it (as md-eval's).
        metric = DiarizationErrorRate(collar=collar, skip_overlap=False)
        parts = metric(*turns, uem=everything, detailed=True)
        der[key] = {
            "rate": parts["diarization error rate"],
            "speech": parts["total"],
            "missed": parts["missed detection"],
            "falseAlarm": parts["false alarm"],
            "confusion": parts["confusion"],
        }
    print(json.dumps({
        "name": name,
        "wer": rate(plain),
        "cpwer": rate(next(iter(cp.values()))),
        "tcpwer": rate(next(iter(tcp.values()))),
        "der": der,
    }))
