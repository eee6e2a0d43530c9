package airlock.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The key of an ssh server, as a line of sshd(8) `known_hosts` has it: `HOST[,HOST] TYPE BASE64
/// [comment]`. Nothing of the format that could mean more than it says is taken: no markers, no
/// patterns, no hashed names.
///
/// @param hosts at least one; where the port is another one than 22, `[HOST]:PORT`
/// @param type such as `ssh-ed25519`
/// @param blob the public key in ssh's wire format (RFC 4253, 6.6)
public record KnownHost(List<String> hosts, String type, byte[] blob) {
    private static final int LAST_PORT = 65_535;
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
        blob = blob.clone();
    }

    /// Reads a line.
    ///
    /// @throws IllegalArgumentException where it is none, with what follows "the text"
    static KnownHost of(String text) {
        refuse(text.chars().anyMatch(c -> c != '\t' && (c < ' ' || c > 126)), "is not plain ASCII");
        String[] parts = BLANKS.split(text.strip(), 4);
        refuse(parts[0].startsWith("#"), "is a comment, not a line `HOST TYPE KEY`");
        refuse(
                parts[0].startsWith("@"),
                "has a marker (%s); write the host's own key".formatted(parts[0]));
        refuse(
                parts[0].startsWith("|"),
                "has a hashed name; `ssh-keyscan HOST` prints it with the name");
        refuse(parts.length < 3, "is not HOST TYPE KEY, as `ssh-keyscan HOST` prints it");
        var hosts = new ArrayList<String>();
        for (String host : parts[0].split(",", -1)) {
            hosts.add(host(host));
        }
        refuse(!TYPES.contains(parts[1]), "has no known type of key: " + parts[1]);
        return new KnownHost(hosts, parts[1], blob(parts[2], parts[1]));
    }

    private static String host(String text) {
        Matcher form = WITH_PORT.matcher(text);
        boolean hasPort = form.matches();
        int port = hasPort ? Integer.parseInt(form.group(2)) : SSH;
        refuse(port > LAST_PORT, "has no port from 1 to 65535: " + text);
        String name =
                switch (HostName.read(hasPort ? form.group(1) : text)) {
                    case HostName.Reading.Named(var host) -> host.text();
                    case HostName.Reading.Refused(var why) ->
                            throw new IllegalArgumentException(
                                    "names no host: %s %s; addresses and patterns are left out"
                                            .formatted(text, why));
                };
        // as ssh itself looks a host up
        return port == SSH ? name : "[" + name + "]:" + port;
    }

    private static byte[] blob(String text, String type) {
        byte[] blob;
        try {
            blob = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a key that is not base64", e);
        }
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer in = ByteBuffer.wrap(blob);
        boolean fits =
                blob.length > Integer.BYTES + name.length
                        && blob.length <= MOST_BYTES
                        && in.getInt() == name.length;
        byte[] inside = new byte[name.length];
        if (fits) {
            in.get(inside);
        }
        refuse(!fits || !Arrays.equals(inside, name), "has a key that is not of type " + type);
        return blob;
    }

    private static void refuse(boolean wrong, String reason) {
        if (wrong) {
            throw new IllegalArgumentException(reason);
        }
    }

    /// Whether it is a key of `host`, at whatever port.
    public boolean isOf(HostName host) {
        return hosts.stream()
                .anyMatch(
                        name ->
                                name.equals(host.text())
                                        || name.startsWith("[" + host.text() + "]:"));
    }

    @Override
    public byte[] blob() {
        return blob.clone();
    }

    /// As ssh reads it, without a line break.
    public String line() {
        return String.join(",", hosts)
                + " "
                + type
                + " "
                + Base64.getEncoder().encodeToString(blob);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KnownHost that && line().equals(that.line());
    }

    @Override
    public int hashCode() {
        return line().hashCode();
    }

    @Override
    public String toString() {
        return line();
    }
}
