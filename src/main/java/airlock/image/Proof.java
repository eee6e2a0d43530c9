package airlock.image;

import airlock.base.Hash;
import airlock.sandbox.Sandbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Evidence that a file is the one that its maker published.
///
/// @param sums a file of checksums that lists it
/// @param signed the signature of the checksums
public record Proof(Optional<Path> sums, Optional<Signed> signed) {
    /// No evidence.
    public static final Proof NONE = of(Optional.empty());

    static final int LONGEST = 1 << 20; // the longest checksum file, signature or keyring, in bytes

    /// A signature of the checksums.
    ///
    /// @param signature a detached OpenPGP signature; empty if the checksum file is clearsigned
    /// @param keyring the keys that we accept
    public record Signed(Optional<Path> signature, Path keyring) {}

    public Proof {
        if (signed.isPresent() && sums.isEmpty()) {
            throw new ImageException(
                    "a signature needs the file of sums that it signs: add --sums");
        }
    }

    /// Checksums without a signature.
    public static Proof of(Optional<Path> sums) {
        return new Proof(sums, Optional.empty());
    }

    /// Checks a file.
    ///
    /// @param name of the file in the checksums
    /// @param box runs gpgv
    /// @return who vouches for it, for people; empty without checksums
    /// @throws ImageException if the file differs or no accepted key signed the checksums
    String check(Path file, String name, Sandbox box, Consumer<String> progress)
            throws InterruptedException {
        if (sums.isEmpty()) {
            return "";
        }
        Path listed = sums.get();
        // read once, so that we compare what was signed
        byte[] bytes = StoreFiles.small(listed, LONGEST);
        String by = "";
        if (signed.isPresent()) {
            var verified = SumsSignature.verify(bytes, listed, signed.get(), box);
            bytes = verified.text();
            by = ", signed by the key " + verified.key();
        }
        var expected = DownloadSum.of(bytes, listed, name);
        var hash = Hash.by(expected.algorithm());
        String found = StoreFiles.hash(file, hash, "checking " + name, progress);
        if (!found.equals(expected.sum())) {
            throw new ImageException(
                    "checksum mismatch: %s is %s, but %s lists %s"
                            .formatted(file, found, listed, expected.sum()));
        }
        return ", as " + listed.getFileName() + " says" + by;
    }

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

        /// Finds the sum of `name` in a file that sha256sum(1) or sha512sum(1) wrote, with or
        /// without `--tag`.
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
}
