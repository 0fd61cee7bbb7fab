"""sample_people.py SAMPLES FOLDER: the people of Debian's sample pictures, each ten times: flipped, scaled and brightened as
FOLDER/photos/NAME-NUMBER.png, with their landmarks in FOLDER/faces.txt. Needs Pillow and ffmpeg."""
import pathlib
import subprocess
import sys

from PIL import Image

# The landmarks of each face, in px: x and y of left eye, right eye, nose, left and right corner of the mouth. As the network
# CenterFace gives them for the picture in a letterbox of 640 x 640.
PEOPLE = {
    "messi5": [
        (239.9, 109.4, 251.9, 108.8, 249.2, 117.1, 240.3, 123.1, 249.8, 122.7),
    ],
    "facereg": [
        (137.1, 35.9, 165.2, 35, 152.6, 50.3, 138.3, 62.8, 162.9, 61.9),
        (40.3, 133.9, 68.3, 134.7, 56.9, 149.5, 39.3, 162.1, 63, 162.8),
        (134.1, 134.5, 163.8, 131.8, 149.5, 149.1, 138.5, 163.5, 164, 161),
        (34.4, 38.4, 60.7, 33.4, 51.6, 51.3, 41.4, 62.2, 64, 58.1),
    ],
    "megamind": [
        (269.4, 277.9, 329.1, 260.3, 321.8, 308.1, 302.4, 335.5, 350.7, 321.6),
        (498.3, 201.1, 526, 200.6, 519.2, 219.4, 498.5, 232.4, 519.8, 232.4),
    ],
}
VARIATIONS = 10


def pictures(samples, folder):
    """The files, by the names that PEOPLE has."""
    frame = folder / "megamind.png"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", samples / "Megamind.avi", "-vf", "select=eq(n\\,60)", "-frames:v", "1",
                    frame], check=True, stdin=subprocess.DEVNULL)
    return {"messi5": samples / "messi5.jpg", "facereg": samples.parents[1] / "opencv4/html/facereg.jpg", "megamind": frame}


def variation(number):
    """Whether it is flipped, how large it is, how bright."""
    return number % 2 == 1, (1, 0.8, 1.25, 0.65, 0.9)[number // 2], (1, 1.3, 0.75, 1.15, 0.6)[number % 5]


def vary(picture, faces, number):
    """The picture and its faces once more."""
    flipped, scale, light = variation(number)
    size = [round(side * scale) for side in picture.size]
    factors = [new / old for new, old in zip(size, picture.size)]
    picture = picture.resize(size, Image.Resampling.BICUBIC).point([min(255, round(v * light)) for v in range(256)] * 3)
    moved = []
    for face in faces:
        points = [(face[k] * factors[0], face[k + 1] * factors[1]) for k in range(0, 10, 2)]
        if flipped:
            points = [(size[0] - x, y) for x, y in points]
            points = [points[k] for k in (1, 0, 2, 4, 3)]
        moved.append([value for point in points for value in point])
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flipped else picture, moved


def main(samples, folder):
    samples, folder = pathlib.Path(samples), pathlib.Path(folder)
    (folder / "photos").mkdir()
    lines = []
    for name, file in pictures(samples, folder).items():
        picture = Image.open(file).convert("RGB")
        for number in range(VARIATIONS):
            varied, faces = vary(picture, PEOPLE[name], number)
            key = "%s-%d.png" % (name, number)
            varied.save(folder / "photos" / key)
            lines += ["%s %s\n" % (key, " ".join("%.2f" % v for v in face)) for face in faces]
    (folder / "faces.txt").write_text("".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
