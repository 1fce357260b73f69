# Installed packages: which distribution an import comes from, its version, and those of all that it requires in turn;
# a package that no distribution names counts by the contents of its files. Reads what pip and Debian leave beside the
# packages. Says which files an answer stands on.
import os

from _scanmake_find import SUFFIXES, site_folder
from _scanmake_wire import digest_bytes

_MOST_FILES = 5000
_MOST_BYTES = 64 * 1024 * 1024
_MOST = (
    "the package %s has no metadata (no .dist-info) and is large: of what goes beyond %d files or %d MiB only sizes "
    "are seen, and other changes rerun nothing. Install it with pip, or bump the rule's version when it changes."
)


class Packages:
    """Distributions of the folders of one path, each read once."""

    def __init__(self, search):
        self.search = search
        self.infos = {}
        self.versions = {}
        self.byName = None
        self.contents = {}

    def text_of(self, found):
        """(name, version, what has to be in a digest, the files that say so) of what a module that was found is in."""
        top = found.name.partition(".")[0]
        site = site_folder(found.path)
        dists = self.distributions(site, top, found) if site is not None else []
        if not dists:
            digest, files = self.contents_of(site, top, found)
            return top, digest[:12], "contents %s" % digest, [said(top, path, files[path]) for path in files]
        closure = {}
        files = []
        stack = list(dists)
        while stack:
            info = stack.pop()
            if info in closure:
                continue
            name, version, requires, file = self.read(info)
            closure[info] = "%s %s" % (normal(name), version)
            if file is not None:
                files.append(said("%s %s" % (name, version), *file))
            for required in requires:
                stack.extend(self.named(required))
        name, version, _, _ = self.read(dists[0])
        return name, version, "; ".join(sorted(set(closure.values()))), files

    def distributions(self, site, top, found):
        """The dist-info or egg-info places that say that they brought a module."""
        infos = self.infos_of(site)
        likely = [info for info in infos if normal(named_by(info)) == normal(top)]
        isWhole = found.kind == "installed" and os.path.exists(os.path.join(site, top, "__init__.py"))
        if likely and isWhole and self.brings(likely[0], top) is not False:
            return likely[:1]
        said = [info for info in infos if self.brings(info, top)]
        return said or [info for info in likely if self.brings(info, top) is not False]

    def infos_of(self, site):
        infos = self.infos.get(site)
        if infos is None:
            names = sorted(self.search.watch.listing(site))
            infos = [os.path.join(site, name) for name in names if name.endswith((".dist-info", ".egg-info"))]
            self.infos[site] = infos
        return infos

    def brings(self, info, top):
        """Whether a distribution says that it brought a top-level module; None: it does not say."""
        listed = lines_of(os.path.join(info, "top_level.txt"))
        if listed is not None and top in [line.strip() for line in listed]:
            return True
        record = lines_of(os.path.join(info, "RECORD")) or lines_of(os.path.join(info, "SOURCES.txt"))
        if record is None:
            return None if listed is None else False
        starts = tuple([top + "/"] + [top + suffix for suffix in SUFFIXES])
        return any(line.startswith(starts) for line in record)

    def named(self, name):
        """The distributions of a name, on the whole path."""
        if self.byName is None:
            self.byName = {}
            for folder in self.search.path:
                for info in self.infos_of(folder):
                    self.byName.setdefault(normal(named_by(info)), []).append(info)
        return self.byName.get(normal(name), [])[:1]

    def read(self, info):
        """(name, version, names of what it requires, the file that says so with its digest)."""
        known = self.versions.get(info)
        if known is not None:
            return known
        places = [info, os.path.join(info, "METADATA"), os.path.join(info, "PKG-INFO")]
        place = next((place for place in places if os.path.isfile(place)), None)
        data = b"" if place is None else read_bytes(place)
        lines = data.decode("utf-8", "replace").splitlines()
        base = os.path.basename(info).rpartition(".")[0]
        name, version, requires = named_by(info), base.partition("-")[2].partition("-")[0], []
        for line in lines:
            if not line.strip():
                break
            field, _, value = line.partition(":")
            if field == "Version":
                version = value.strip()
            elif field == "Name":
                name = value.strip()
            elif field == "Requires-Dist" and "extra" not in value.partition(";")[2]:
                requires.append(required_name(value))
        for line in lines_of(os.path.join(info, "requires.txt")) or []:
            # Behind the first heading are extras; `[:condition]` is none.
            if line.startswith("[") and not line.startswith("[:"):
                break
            if line.strip() and not line.startswith("["):
                requires.append(required_name(line))
        file = None if place is None else (place, digest_bytes(data))
        if file is not None:
            self.search.watch.files[file[0]] = file[1]
        known = self.versions[info] = (name, version, requires, file)
        return known

    def contents_of(self, site, top, found):
        """(digest, files by their paths) of a package that no distribution names; an edit of one in place is seen."""
        known = self.contents.get((site, top))
        if known is None:
            place = os.path.join(site, top) if site is not None else found.path
            known = self.contents[(site, top)] = digest_of_files(place if os.path.isdir(place) else found.path)
        digest, files, folders = known
        watch = self.search.watch
        watch.files.update(files)
        watch.folders.update(dict.fromkeys(folders, True))
        if not all(files.values()):
            watch.limits[_MOST % (top, _MOST_FILES, _MOST_BYTES >> 20)] = True
        return digest, {path: each for path, each in files.items() if each}


def said(name, path, digest):
    """A file of a package, as answers have it."""
    return {"name": "package " + name, "path": path, "digest": digest}


def digest_of_files(place):
    """(digest, files, folders) of a file, or of all code below a folder; of what is too much, only sizes."""
    if os.path.isfile(place):
        digest = digest_bytes(read_bytes(place))
        return digest, {place: digest}, []
    lines = []
    found = {}
    walked = []
    size = 0
    for folder, folders, files in os.walk(place):
        folders.sort()
        if "__pycache__" in folders:
            folders.remove("__pycache__")
        walked.append(folder)
        for name in sorted(files):
            if not name.endswith(tuple(SUFFIXES)) or name.endswith(".pyc"):
                continue
            path = os.path.join(folder, name)
            length = os.path.getsize(path) if os.path.exists(path) else 0
            isRead = len(lines) < _MOST_FILES and size + length <= _MOST_BYTES
            size += length if isRead else 0
            found[path] = digest_bytes(read_bytes(path)) if isRead else ""
            lines.append("%s %d %s" % (os.path.relpath(path, place), length, found[path]))
    return digest_bytes("\n".join(lines).encode("utf-8", "surrogateescape")), found, walked


def read_bytes(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def lines_of(path):
    """The lines of a text file; None where there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return None


def named_by(info):
    """The name of a distribution, from the name of its folder."""
    return os.path.basename(info).rpartition(".")[0].partition("-")[0]


def normal(name):
    """Names of distributions are the same whatever stands between their words."""
    return name.lower().replace("-", "_").replace(".", "_")


def required_name(text):
    """`numpy` of `numpy (>=1.20) ; python_version > "3"`."""
    text = text.strip()
    size = 0
    while size < len(text) and (text[size].isalnum() or text[size] in "-_."):
        size += 1
    return text[:size]
