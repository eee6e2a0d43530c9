# In a VM: reads a lock file of npm's and writes a line for each package that it wants: algorithm and checksum in hexadecimal,
# URL at the mirror, path of the package; with tabs between them. Nothing in the file is believed to be what it should.
# usage: npm_lock.py LOCK MIRROR
# https://docs.npmjs.com/cli/v10/configuring-npm/package-lock-json, versions 2 and 3; integrity: w3.org/TR/SRI
import base64
import json
import re
import sys
from urllib.parse import unquote, urlsplit

MOST_PACKAGES = 50_000
LONGEST = 1_000
SIZES = {"sha512": 64, "sha384": 48, "sha256": 32, "sha1": 20}
NAME = r"(?:@[A-Za-z0-9~!'()*._-]+/)?[A-Za-z0-9~!'()*._-]+"
URL = re.compile(r"https?://[A-Za-z0-9!$&'()*+,;=:@/%._~?#\[\]-]+", re.I)


class Wrong(Exception):
    pass


def shown(value):
    text = value if isinstance(value, str) else json.dumps(value)
    text = "".join(c if c.isprintable() else "?" for c in text[:200])
    return "'" + text.encode("utf-8", "replace").decode() + ("…'" if len(text) == 200 else "'")


def once(pairs):
    got = dict(pairs)
    if len(got) != len(pairs):
        seen = set()
        for key, _ in pairs:
            if key in seen:
                raise Wrong("has the key %s twice in one place" % shown(key))
            seen.add(key)
    return got


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    try:
        lock = json.loads(content.decode("utf-8-sig"), object_pairs_hook=once)
    except UnicodeDecodeError:
        raise Wrong("is not UTF-8")
    except RecursionError:
        raise Wrong("is nested too deeply")
    except ValueError as e:
        raise Wrong("is no JSON: %s" % str(e)[:200])
    if not isinstance(lock, dict) or not isinstance(lock.get("packages"), dict):
        raise Wrong("has no `packages`: npm 7 and later write them (lockfileVersion 2 and 3)")
    if len(lock["packages"]) > MOST_PACKAGES:
        raise Wrong("has %d packages, more than %d" % (len(lock["packages"]), MOST_PACKAGES))
    return lock["packages"]


# The name of the package that lies at a key; None where it is a directory of the repository's.
def installed(key):
    if len(key) > LONGEST or not all(c.isprintable() for c in key) or "\\" in key:
        raise Wrong("has a key that is no path: %s" % shown(key))
    if any(len(part.encode("utf-8", "replace")) > 200 or part in ("", ".", "..") for part in key.split("/")):
        raise Wrong("has a key that is no path below the repository: %s" % shown(key))
    found = re.fullmatch(r"(?:.*/)?node_modules/(" + NAME + ")", key)
    return found and found.group(1)


def checksum(key, entry):
    integrity = entry.get("integrity")
    if not isinstance(integrity, str) or len(integrity) > LONGEST:
        raise Wrong("%s has no `integrity`, so nobody could tell what is fetched" % shown(key))
    best = None
    for word in integrity.split():
        algorithm, _, digest = word.partition("?")[0].partition("-")
        if algorithm in SIZES:
            try:
                content = base64.b64decode(digest, validate=True)
            except ValueError:
                content = b""
            if len(content) != SIZES[algorithm]:
                raise Wrong("%s has an `integrity` that is none: %s" % (shown(key), shown(word)))
            if best is None or SIZES[algorithm] > SIZES[best[0]]:
                best = (algorithm, content.hex())
    if best is None:
        raise Wrong("%s has an `integrity` of an unknown kind: %s" % (shown(key), shown(integrity)))
    return best


# Where the mirror has it: a registry's files are at NAME/-/FILE, whatever stands before that.
def address(key, name, entry, mirror):
    resolved = entry.get("resolved")
    if resolved is None and isinstance(entry.get("version"), str):
        name = entry.get("name") if isinstance(entry.get("name"), str) else name
        path = "%s/-/%s-%s.tgz" % (name, name.rpartition("/")[2], entry["version"])
        url = mirror + "/" + path
    elif not isinstance(resolved, str) or len(resolved) > LONGEST or not URL.fullmatch(resolved):
        raise Wrong("%s is not from a registry: %s" % (shown(key), shown(resolved)))
    else:
        url = mirrored(key, resolved, mirror)
    if not URL.fullmatch(url) or ".." in unquote(unquote(url)).split("/"):
        raise Wrong("%s can't be asked for: %s" % (shown(key), shown(url)))
    return url


def mirrored(key, resolved, mirror):
    try:
        parts, own = urlsplit(resolved), urlsplit(mirror)
        port = parts.port
    except ValueError:
        raise Wrong("%s is at no URL: %s" % (shown(key), shown(resolved)))
    if (parts.scheme.lower(), parts.hostname, port) == (own.scheme.lower(), own.hostname, own.port):
        if parts.path.startswith(own.path + "/") and parts.username is None:
            return resolved.partition("#")[0]
    found = re.search(r"/((?:@|%40)[^/]+(?:/|%2[fF])[^/]+/-/[^/]+|[^/@][^/]*/-/[^/]+)$", parts.path)
    if parts.query or not found:
        raise Wrong("%s is not from a registry, which `mirrors.npm` could stand for: %s" % (shown(key), shown(resolved)))
    return mirror + "/" + found.group(1)


def main(path, mirror):
    folders = set()
    keys = set()
    for key, entry in read(path).items():
        name = installed(key) if key else None
        if not isinstance(entry, dict):
            raise Wrong("%s is no mapping" % shown(key))
        # links lead to directories of the repository, and what is bundled comes within another package
        if name is None or entry.get("link") is True or entry.get("inBundle") is True:
            if name is None and key and "resolved" in entry:
                raise Wrong("has a package whose key is none: %s" % shown(key))
            continue
        keys.add(key + ".tgz")
        parts = key.split("/")
        folders.update("/".join(parts[:i]) for i in range(1, len(parts)))
        url = address(key, name, entry, mirror)
        print(*checksum(key, entry), url, key + ".tgz", sep="\t")
    for key in keys & folders:
        raise Wrong("has a package where a directory would be: %s" % shown(key))


try:
    sys.stdout.reconfigure(encoding="utf-8")
    main(*sys.argv[1:])
except Wrong as e:
    sys.stderr.reconfigure(encoding="utf-8", errors="replace")
    print("npm_get: the lock file", e, file=sys.stderr)
    sys.exit(1)
