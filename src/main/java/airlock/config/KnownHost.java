package airlock.config;

import static airlock.config.Addresses.refuse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The key of an ssh server, as in a line of sshd(8) `known_hosts`: `HOST[,HOST] TYPE BASE64
/// [comment]`. Markers, patterns and hashed names are refused.
///
/// @param hosts at least one; `[HOST]:PORT` for ports other than 22
/// @param type such as `ssh-ed25519`
/// @param key the public key in ssh's wire format (RFC 4253, 6.6), in base64
public record KnownHost(List<String> hosts, String type, String key) {
    private static final int SSH = 22;
    private static final int MOST_BYTES = 4 << 10;
    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");
    private static final Pattern WITH_PORT = Pattern.compile("\\[([^\\[\\]]+)]:([1-9][0-9]{0,4})");
    private static final Set<String> TYPES =
            Set.of(
                    "ssh-ed25519",
                    "ecdsa-sha2-nistp256",
                    "ecdsa-sha2-nistp384",
                    "ecdsa-sha2-nistp521",
                    "ssh-rsa");

    public KnownHost {
        hosts = List.copyOf(hosts);
    }

    /// Parses a line.
    ///
    /// @throws IllegalArgumentException with the rest of a sentence that begins with the text
    static KnownHost of(String text) {
        Addresses.refuse(
                text.chars().anyMatch(c -> c != '\t' && (c < ' ' || c > 126)),
                "is not plain ASCII");
        String[] parts = BLANKS.split(text.strip(), 4);
        Addresses.refuse(parts[0].startsWith("#"), "is a comment, not a line `HOST TYPE KEY`");
        Addresses.refuse(
                parts[0].startsWith("@"),
                "has a marker (%s); write the host's own key".formatted(parts[0]));
        Addresses.refuse(
                parts[0].startsWith("|"),
                "has a hashed name; `ssh-keyscan HOST` prints it with the name");
        Addresses.refuse(parts.length < 3, "is not HOST TYPE KEY, as `ssh-keyscan HOST` prints it");
        var hosts = new ArrayList<String>();
        for (String host : parts[0].split(",", -1)) {
            hosts.add(host(host));
        }
        Addresses.refuse(!TYPES.contains(parts[1]), "has no known type of key: " + parts[1]);
        return new KnownHost(hosts, parts[1], key(parts[2], parts[1]));
    }

    private static String host(String text) {
        Matcher form = WITH_PORT.matcher(text);
        boolean hasPort = form.matches();
        int port = hasPort ? Addresses.port(Integer.parseInt(form.group(2))) : SSH;
        String name = HostName.of(hasPort ? form.group(1) : text).text();
        // the form in which ssh looks a host up
        return port == SSH ? name : "[" + name + "]:" + port;
    }

    private static String key(String text, String type) {
        byte[] blob;
        try {
            blob = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a key that is not base64", e);
        }
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        int start = Integer.BYTES + name.length;
        byte[] expected = ByteBuffer.allocate(start).putInt(name.length).put(name).array();
        refuse(
                blob.length <= start
                        || blob.length > MOST_BYTES
                        || !Arrays.equals(blob, 0, start, expected, 0, start),
                "has a key that is not of type " + type);
        return Base64.getEncoder().encodeToString(blob);
    }

    /// Whether it is a key of `host` at any port.
    public boolean isOf(HostName host) {
        return hosts.stream()
                .anyMatch(
                        name ->
                                name.equals(host.text())
                                        || name.startsWith("[" + host.text() + "]:"));
    }

    public byte[] blob() {
        return Base64.getDecoder().decode(key);
    }

    /// The line, without a line break.
    public String line() {
        return String.join(",", hosts) + " " + type + " " + key;
    }

    @Override
    public String toString() {
        return line();
    }
}
