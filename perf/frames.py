"""Cut frames of videos into a folder of JPEGs: all of them in turn, then mirrored ones until there are enough. A second
call with the same arguments is a no-op: the manifest is written last, a folder without one is made again."""
import json
import os
import shutil
import sys

import cv2

QUALITY = 90  # JPEG


def read_frames(videos):
    for mirrored in (False, True):
        for video in videos:
            capture = cv2.VideoCapture(video)
            index, (there, frame) = 0, capture.read()
            while there:
                name = f"{os.path.splitext(os.path.basename(video))[0]}_{index:04}{'m' if mirrored else ''}.jpg"
                yield name, cv2.flip(frame, 1) if mirrored else frame
                index, (there, frame) = index + 1, capture.read()


def cut_frames(folder, videos, count):
    """The names of the frames in `folder`, sorted."""
    wanted = {"format": 1, "count": count, "quality": QUALITY, "videos": [os.path.getsize(v) for v in videos]}
    manifest = folder + ".json"
    if os.path.isdir(folder) and os.path.exists(manifest):
        with open(manifest) as f:
            if json.load(f) == wanted and len(os.listdir(folder)) == count:
                return sorted(os.listdir(folder))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    names = []
    for name, frame in read_frames(videos):
        if len(names) == count:
            break
        if not cv2.imwrite(os.path.join(folder, name), frame, [cv2.IMWRITE_JPEG_QUALITY, QUALITY]):
            sys.exit(f"{folder}/{name} cannot be written")
        names.append(name)
    if len(names) < count:
        sys.exit(f"{len(names)} frames in {' '.join(videos)}, mirrored ones too; {count} were asked for")
    with open(manifest, "w") as f:
        json.dump(wanted, f)
    return sorted(names)
