package airlock.image;

import airlock.sandbox.Sandbox;
import airlock.base.Hash;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

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
}
