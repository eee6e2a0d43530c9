package airlock.image;

import airlock.text.SafeText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// Resolves paths in a root file system that exists only as a map. No name in it reaches this
/// machine's kernel, and no path leads out.
final class RootPaths {
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST = 4000;
    private static final int MOST_LINKS = 40;

    private final Map<String, RootNode> nodes;

    RootPaths(Map<String, RootNode> nodes) {
        this.nodes = nodes;
    }

    /// Splits a name in an archive; empty for the root directory.
    static List<String> parts(String name) {
        var parts = new ArrayList<String>();
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")
                    || part.indexOf('\0') >= 0
                    || part.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
                throw refused(name);
            }
            parts.add(part);
        }
        if (name.length() > LONGEST) {
            throw refused(name);
        }
        return parts;
    }

    /// Follows symbolic links in all but the last part, as a kernel would with this file system as
    /// its root.
    String resolved(List<String> parts) {
        Deque<String> left = new ArrayDeque<>(parts.subList(0, parts.size() - 1));
        var at = new ArrayList<String>();
        int links = 0;
        while (!left.isEmpty()) {
            String part = left.pop();
            if (part.equals("..")) {
                if (!at.isEmpty()) {
                    at.removeLast();
                }
                continue;
            }
            at.add(part);
            if (nodes.get(String.join("/", at)) instanceof RootNode.Symlink link) {
                if (++links > MOST_LINKS) {
                    throw refused(String.join("/", parts));
                }
                at.removeLast();
                follow(link.target(), at, left);
            }
        }
        at.add(parts.getLast());
        String path = String.join("/", at);
        if (path.length() > LONGEST) {
            throw refused(path);
        }
        return path;
    }

    private static void follow(String target, List<String> at, Deque<String> left) {
        if (target.startsWith("/")) {
            at.clear();
        }
        for (String part : List.of(target.split("/", -1)).reversed()) {
            if (!part.isEmpty() && !part.equals(".")) {
                left.push(part);
            }
        }
    }

    /// The directory of a path; empty for the root.
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    static ImageException refused(String name) {
        return new ImageException(
                "the container image has an impossible file: "
                        + SafeText.quoted(name, LONGEST_NAME));
    }
}
