package airlock.image;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A text with its signature in one file (RFC 9580, 7, the cleartext signature framework). What
/// stands before or behind it is nobody's word, so there may be nothing.
///
/// @param text what was signed, to be read
/// @param signed the same as it is signed
/// @param signature armored
record Clearsigned(byte[] text, byte[] signed, byte[] signature) {
    private static final String BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----";
    private static final String SIGNATURE = "-----BEGIN PGP SIGNATURE-----";
    private static final String END = "-----END PGP SIGNATURE-----";
    private static final String ESCAPE = "- ";

    static Clearsigned of(byte[] bytes, Path file) {
        // a letter is a byte, so that what is signed is what is there
        var lines = new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
        int body = lines.indexOf("") + 1;
        int end = lines.indexOf(SIGNATURE);
        if (lines.isEmpty()
                || !lines.getFirst().equals(BEGIN)
                || !areHashes(lines.subList(1, Math.max(1, body - 1)))
                || body == 0
                || end < body
                || lines.indexOf(END) != lines.size() - 1) {
            throw new ImageException(
                    file
                            + " is not signed within itself, as `gpg --clearsign` does; a signature"
                            + " in a file of its own is named by --signature");
        }
        var text = new ArrayList<String>();
        for (String line : lines.subList(body, end)) {
            boolean isEscaped = line.startsWith(ESCAPE);
            if (!isEscaped && line.startsWith("-")) {
                throw new ImageException(file + " has a line between that is not escaped: " + line);
            }
            text.add(
                    (isEscaped ? line.substring(ESCAPE.length()) : line).replaceAll("[ \t]+$", ""));
        }
        return new Clearsigned(
                bytes(String.join("\n", text)),
                bytes(String.join("\r\n", text)),
                bytes(String.join("\n", lines.subList(end, lines.size())) + "\n"));
    }

    private static boolean areHashes(List<String> headers) {
        return headers.stream().allMatch(header -> header.startsWith("Hash: "));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
