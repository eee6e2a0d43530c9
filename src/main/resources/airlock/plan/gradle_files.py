# In a VM: reads gradle/verification-metadata.xml and writes a line for each file that it lists: algorithm and checksum in
# hexadecimal, URL at the mirror, path in a repository of Maven's; with tabs between them. Nothing in it is believed.
# usage: gradle_files.py LIST MIRROR
# https://docs.gradle.org/current/userguide/dependency_verification.html
import re
import sys
from xml.parsers import expat

MOST_FILES = 50_000
DEEPEST = 20
SIZES = {"sha512": 128, "sha256": 64}
GROUP = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,199}")


class Wrong(Exception):
    pass


def shown(text):
    return "'" + "".join(c if c.isprintable() else "?" for c in text[:200]) + ("…'" if len(text) > 200 else "'")


class Reader:
    def __init__(self, mirror):
        self.mirror = mirror
        self.names = []
        self.folder = None
        self.file = None
        self.sums = {}
        self.lines = {}

    def begin(self, name, attributes):
        self.names.append(name)
        if len(self.names) > DEEPEST:
            raise Wrong("is nested too deeply")
        if self.names[0] != "verification-metadata":
            raise Wrong("is no list of Gradle's: it begins with %s" % shown(name))
        within = self.names[1:]
        if within == ["components", "component"]:
            self.component(attributes)
        elif within == ["components", "component", "artifact"]:
            self.file = self.part("name of a file", NAME, attributes.get("name", ""))
            self.sums = {}
        elif within[:3] == ["components", "component", "artifact"] and len(within) == 4 and name in SIZES:
            value = attributes.get("value", "").lower()
            if not re.fullmatch("[0-9a-f]{%d}" % SIZES[name], value):
                raise Wrong("%s has a %s that is none: %s" % (shown(self.file), name, shown(value)))
            self.sums[name] = value

    def component(self, attributes):
        group = self.part("group", GROUP, attributes.get("group", ""))
        if any(word in ("", "..") for word in group.split(".")):
            raise Wrong("has a group that is none: %s" % shown(group))
        name = self.part("name", NAME, attributes.get("name", ""))
        version = self.part("version", NAME, attributes.get("version", ""))
        self.folder = "%s/%s/%s" % (group.replace(".", "/"), name, version)

    @staticmethod
    def part(what, form, text):
        if not form.fullmatch(text) or ".." in text:
            raise Wrong("has a %s that can't be asked for: %s" % (what, shown(text)))
        return text

    def end(self, name):
        if self.names[1:] == ["components", "component", "artifact"]:
            path = self.folder + "/" + self.file
            algorithm = next((a for a in SIZES if a in self.sums), None)
            if algorithm is None:
                raise Wrong("%s has neither sha256 nor sha512, so nobody could tell what is fetched" % shown(path))
            line = "\t".join((algorithm, self.sums[algorithm], self.mirror + "/" + path, path))
            if self.lines.setdefault(path, line) != line:
                raise Wrong("has %s twice" % shown(path))
            if len(self.lines) > MOST_FILES:
                raise Wrong("has more than %d files" % MOST_FILES)
        self.names.pop()


# Entities of its own are the way to make a small file large.
def refuse(*_):
    raise Wrong("has a document type, which Gradle writes none of")


def main(path, mirror):
    with open(path, "rb") as file:
        content = file.read()
    reader = Reader(mirror)
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as e:
        raise Wrong("is no XML: %s" % e)
    for line in reader.lines.values():
        print(line)


try:
    main(*sys.argv[1:])
except Wrong as e:
    sys.stderr.reconfigure(encoding="utf-8", errors="replace")
    print("gradle_fetch: gradle/verification-metadata.xml", e, file=sys.stderr)
    sys.exit(1)
