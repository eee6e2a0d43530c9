package airlock.image;

import airlock.text.SafeText;
import java.util.regex.Pattern;

/// The name of a container image in a registry: `HOST[:PORT]/PATH[:TAG][@sha256:DIGEST]`.
///
/// @param host with its port, if any
/// @param tag empty if there is a digest
/// @param digest `sha256:` and 64 digits, or empty
record Reference(String host, String path, String tag, String digest) {
    private static final Pattern FORM =
            Pattern.compile(
                    "([A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?|\\[::1](?::[0-9]{1,5})?)"
                            + "/([a-z0-9][a-z0-9._/-]{0,254})"
                            + "(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?"
                            + "(?:@(sha256:[0-9a-f]{64}))?");
    private static final Pattern LOOPBACK =
            Pattern.compile("(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1])(?::[0-9]+)?");
    private static final String SCHEME = "docker://";

    /// @throws ImageException if it is invalid
    static Reference parse(String text) {
        String plain = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
        var form = FORM.matcher(plain);
        if (!form.matches() || !isHost(form.group(1)) || form.group(2).endsWith("/")) {
            throw new ImageException(
                    SafeText.quoted(text, SafeText.SAID)
                            + " names no container image with its registry, as"
                            + " registry.example/alpine:3 does");
        }
        String digest = form.group(4) == null ? "" : form.group(4);
        String tag = form.group(3) == null ? "latest" : form.group(3);
        return new Reference(form.group(1), form.group(2), digest.isEmpty() ? tag : "", digest);
    }

    /// Other first parts are paths on a default registry, which we do not have.
    private static boolean isHost(String text) {
        return text.indexOf('.') >= 0 || text.indexOf(':') >= 0 || text.equals("localhost");
    }

    boolean isLoopback() {
        return LOOPBACK.matcher(host).matches();
    }

    /// The image with this digest in the same repository.
    Reference at(String other) {
        return new Reference(host, path, "", other);
    }

    @Override
    public String toString() {
        return host + "/" + path + (digest.isEmpty() ? ":" + tag : "@" + digest);
    }
}
