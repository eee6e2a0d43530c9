package airlock.image;

import airlock.base.Hash;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// What says that a file is the one that its maker published.
///
/// @param sums a file of sums in which its name stands
/// @param signed what the sums are signed with; none without sums
public record Proof(Optional<Path> sums, Optional<Signed> signed) {
    /// Nobody says anything.
    public static final Proof NONE = of(Optional.empty());

    /// Of sums, signatures and keyrings, in bytes.
    static final int LONGEST = 1 << 20;

    /// A signature of the sums.
    ///
    /// @param signature of OpenPGP, in a file of its own
    /// @param keyring the keys of whom may have made it
    public record Signed(Optional<Path> signature, Path keyring) {}

    public Proof {
        if (signed.isPresent() && sums.isEmpty()) {
            throw new ImageException(
                    "a signature is one of a file of sums, and none is given: add --sums");
        }
    }

    /// Only sums.
    public static Proof of(Optional<Path> sums) {
        return new Proof(sums, Optional.empty());
    }

    /// Compares a file with what is said of it.
    ///
    /// @param name as the sums have it
    /// @param box around gpgv
    /// @return what was found, for people; empty where nothing is said
    /// @throws ImageException where it is another file, or nobody of the keyring signed the sums
    String check(Path file, String name, Box box, Consumer<String> progress)
            throws InterruptedException {
        if (sums.isEmpty()) {
            return "";
        }
        Path listed = sums.get();
        // read once: what was signed is what is compared
        byte[] bytes = StoreFiles.small(listed, LONGEST);
        Optional<SumsSignature.Told> told =
                signed.isEmpty()
                        ? Optional.empty()
                        : Optional.of(SumsSignature.told(bytes, listed, signed.get(), box));
        var expected = Sums.of(told.map(SumsSignature.Told::text).orElse(bytes), listed, name);
        var hash = Hash.by(expected.algorithm());
        String found = Hashes.of(file, hash, Pace.of(file, "checking " + name, progress));
        if (!found.equals(expected.sum())) {
            throw new ImageException(
                    "%s has the sum %s, not %s as %s says"
                            .formatted(file, found, expected.sum(), listed));
        }
        return ", as "
                + listed.getFileName()
                + " says"
                + told.map(by -> ", signed by the key " + by.key()).orElse("");
    }
}
