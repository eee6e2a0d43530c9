# In a VM: reads a file of requirements and writes it anew with only what is known to be harmless: names with versions, markers
# and hashes. All that could make pip run or read something of the repository is refused: paths, URLs, options.
# usage: pip_requirements.py DIRECTORY FILE
# The file is opened without following a link. https://pip.pypa.io/en/stable/reference/requirements-file-format/, PEP 508.
import os
import re
import stat
import sys

LARGEST = 4 << 20
LONGEST = 50_000
NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
VERSION = r"(?:===|==|~=|!=|<=|>=|<|>)\s*[A-Za-z0-9_.*+!-]+"
VERSIONS = r"(?:%s(?:\s*,\s*%s)*)" % (VERSION, VERSION)
REQUIREMENT = re.compile(
    r"(?P<name>%s)\s*(?:\[(?P<extras>[A-Za-z0-9._,\s-]*)\])?\s*(?P<versions>%s|\(\s*%s\s*\))?\s*(?:;\s*(?P<marker>[^;@/$]+))?"
    % (NAME, VERSIONS, VERSIONS)
)
MARKER = re.compile(r"[A-Za-z0-9_.,<>=!~()'\"\s*+-]+")
HASH = re.compile(r"--hash[=\s]\s*(sha256:[0-9a-fA-F]{64}|sha384:[0-9a-fA-F]{96}|sha512:[0-9a-fA-F]{128})")


class Wrong(Exception):
    pass


def shown(text):
    return "'" + "".join(c if c.isprintable() else "?" for c in text[:120]) + ("…'" if len(text) > 120 else "'")


# The content of FILE below DIRECTORY, if no part of the way is a link.
def read(directory, name):
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise Wrong("%s is no path below the repository's directory" % shown(name))
    at = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for i, part in enumerate(parts):
            last = i + 1 == len(parts)
            flags = os.O_RDONLY | os.O_NOFOLLOW | (os.O_NONBLOCK if last else os.O_DIRECTORY)
            below = os.open(part, flags, dir_fd=at)
            os.close(at)
            at = below
        if not stat.S_ISREG(os.fstat(at).st_mode):
            raise Wrong("%s is no file" % shown(name))
        content = os.read(at, LARGEST + 1)
        while more := os.read(at, LARGEST + 1):
            content += more
            if len(content) > LARGEST:
                break
    except OSError as e:
        raise Wrong("can't open %s, which must be a file and no link: %s" % (shown(name), e.strerror))
    finally:
        os.close(at)
    if len(content) > LARGEST:
        raise Wrong("%s is larger than %d bytes" % (shown(name), LARGEST))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Wrong("%s is not UTF-8" % shown(name))


# Lines without comments, joined where one goes on, each with the number of its first.
def lines(text):
    parts, first = [], 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text + "\n"), 1):
        first = first or number
        comment = re.search(r"(?:^|\s)#", line)
        if comment:
            line = line[: comment.start()]
        goes_on = line.endswith("\\") and not comment
        parts.append(line[:-1] if goes_on else line)
        if not goes_on:
            # one space for many: what reads them never has to look for where to part them
            yield first, " ".join(" ".join(parts).split())
            parts, first = [], 0
    yield first, " ".join(" ".join(parts).split())


def why(line):
    if line.startswith("-"):
        return "is an option, and only --hash and --require-hashes may stand in the file"
    if "://" in line or "@" in line:
        return "is an address"
    if line.startswith((".", "/", "~")) or "/" in line or "\\" in line:
        return "is a path"
    return "is not `NAME==VERSION; MARKER --hash=sha256:…`"


def requirement(line):
    hashes = [h.lower() for h in HASH.findall(line)]
    found = REQUIREMENT.fullmatch(" ".join(HASH.sub(" ", line).split()))
    marker = found and found["marker"]
    if not found or not line.isascii() or len(line) > LONGEST or (marker and not MARKER.fullmatch(marker)):
        raise Wrong(why(line))
    # a hash belongs to the end: what stands behind it would be another's words
    if hashes and not re.search(r"--hash[=\s]\s*[a-z0-9]+:[0-9a-fA-F]+$", line):
        raise Wrong(why(line))
    written = found["name"]
    written += "[%s]" % "".join(found["extras"].split()) if found["extras"] is not None else ""
    written += "".join((found["versions"] or "").strip("()").split())
    written += " ; " + " ".join(marker.split()) if marker else ""
    return written, hashes


def main(directory, name):
    written, hashed = [], False
    for number, line in lines(read(directory, name)):
        if not line:
            continue
        if line == "--require-hashes":
            hashed = True
            continue
        try:
            text, hashes = requirement(line)
        except Wrong as e:
            raise Wrong("%s, line %d: %s %s" % (name, number, shown(line), e))
        hashed = hashed or bool(hashes)
        written.append(" ".join([text] + ["--hash=" + h for h in hashes]))
    if hashed:
        print("--require-hashes")
    print("\n".join(written))


try:
    main(*sys.argv[1:])
except Wrong as e:
    sys.stderr.reconfigure(encoding="utf-8", errors="replace")
    print("pip_download:", e, file=sys.stderr)
    sys.exit(1)
