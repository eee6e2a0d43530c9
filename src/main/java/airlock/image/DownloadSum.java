package airlock.image;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The published checksum of a download.
///
/// @param algorithm as Java names it
/// @param sum lower-case hexadecimal digits
record DownloadSum(String algorithm, String sum) {
    private static final Pattern PLAIN =
            Pattern.compile("([0-9A-Fa-f]{64}|[0-9A-Fa-f]{128}) [ *](.+)");
    private static final Pattern TAGGED =
            Pattern.compile("SHA(?:256|512) \\((.+)\\) = ([0-9A-Fa-f]{64}|[0-9A-Fa-f]{128})");
    private static final int SHA256_DIGITS = 64;

    /// Finds the sum of `name` in a file that sha256sum(1) or sha512sum(1) wrote, with or without
    /// `--tag`.
    ///
    /// @param bytes the content of `file`
    /// @throws ImageException unless it lists exactly one sum
    static DownloadSum of(byte[] bytes, Path file, String name) {
        Set<String> found = new LinkedHashSet<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
            var plain = PLAIN.matcher(line);
            var tagged = TAGGED.matcher(line);
            if (plain.matches() && isSame(plain.group(2), name)) {
                found.add(plain.group(1).toLowerCase(Locale.ROOT));
            } else if (tagged.matches() && isSame(tagged.group(1), name)) {
                found.add(tagged.group(2).toLowerCase(Locale.ROOT));
            }
        }
        if (found.size() != 1) {
            throw new ImageException(
                    file
                            + " has "
                            + (found.isEmpty() ? "no sum" : "different sums")
                            + " of "
                            + name
                            + "; expected are lines of sha256sum or sha512sum");
        }
        String sum = found.iterator().next();
        return new DownloadSum(sum.length() == SHA256_DIGITS ? "SHA-256" : "SHA-512", sum);
    }

    private static boolean isSame(String listed, String name) {
        return listed.equals(name) || listed.equals("./" + name);
    }
}
