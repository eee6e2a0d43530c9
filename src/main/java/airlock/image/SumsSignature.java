package airlock.image;

import airlock.base.Trees;
import airlock.sandbox.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Checks OpenPGP signatures, detached or clearsigned, with gpgv(1) in a sandbox. Only keys of a
/// given keyring count.
final class SumsSignature {
    private static final Tool GPGV = new Tool("gpgv");
    private static final int MOST_STATUS = 64 << 10;
    private static final int MOST_TEXT = 1 << 20;
    private static final String BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----";
    private static final String END = "-----END PGP SIGNATURE-----";

    /// An armored keyring, which gpgv cannot read.
    private static final Pattern ARMORED_KEYS =
            Pattern.compile(
                    "(?s)-----BEGIN PGP PUBLIC KEY BLOCK-----.*?\r?\n\r?\n"
                            + "(.*?)\n(?:=[^\n]*\n)?-----END");

    /// gpgv's status words for signatures that do not count (doc/DETAILS), for people.
    private static final Map<String, String> REASONS =
            Map.of(
                    "BADSIG", "the signature by key %s is for another file",
                    "NO_PUBKEY", "the key %s is not in the keyring",
                    "ERRSIG", "the signature by key %s is not of an accepted kind",
                    "REVKEYSIG", "the key %s was revoked",
                    "EXPKEYSIG", "the key %s has expired",
                    "EXPSIG", "the signature by key %s has expired",
                    "NODATA", "it contains no signature",
                    "UNEXPECTED", "it is not a signature");

    private SumsSignature() {}

    /// @param text that was signed
    /// @param key fingerprint of the primary key
    record Verified(byte[] text, String key) {}

    /// Checks the signature of `file`.
    ///
    /// @param bytes its content
    /// @throws ImageException unless a key of the keyring signed it
    static Verified verify(byte[] bytes, Path file, Proof.Signed by, Sandbox box)
            throws InterruptedException {
        GPGV.requireHere("gpgv checks signatures");
        if (by.signature().isEmpty()) {
            requireClearsigned(bytes, file);
        }
        try {
            Path home = Files.createTempDirectory(Scratch.PLACE, "airlock-signature-");
            try {
                Files.write(
                        home.resolve("keys"),
                        binary(StoreFiles.small(by.keyring(), Proof.LONGEST)));
                return verify(bytes, file, by, home, box);
            } finally {
                Trees.remove(home);
            }
        } catch (IOException e) {
            throw new ImageException("cannot check the signature of " + file + ": " + e, e);
        }
    }

    private static Verified verify(byte[] bytes, Path file, Proof.Signed by, Path home, Sandbox box)
            throws IOException, InterruptedException {
        Path signature = home.resolve("signature");
        Path text = home.resolve("text");
        if (by.signature().isEmpty()) {
            Files.write(signature, bytes);
            String said = gpgv(home, box, "--output", text.toString(), signature.toString());
            String key = signer(said, true, file, by);
            return new Verified(text(text), key);
        }
        Files.write(signature, StoreFiles.small(by.signature().get(), Proof.LONGEST));
        Files.write(text, bytes);
        String said = gpgv(home, box, signature.toString(), text.toString());
        return new Verified(bytes, signer(said, false, file, by));
    }

    private static byte[] text(Path file) throws IOException {
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(MOST_TEXT);
        }
    }

    /// Returns the status lines. We do not use the exit code: it is an error if one of several
    /// signatures is by an unknown key, and success if a key was revoked.
    private static String gpgv(Path home, Sandbox box, String... files)
            throws IOException, InterruptedException {
        var line =
                GPGV.line(
                        "--homedir",
                        home.toString(),
                        "--keyring",
                        home + "/keys",
                        "--weak-digest",
                        "SHA1",
                        "--status-fd",
                        "1");
        line.addAll(List.of(files));
        var program = new WalledProgram("gpgv", box.start(home, List.of(), line), MOST_STATUS);
        program.await();
        return new String(program.out(), StandardCharsets.UTF_8);
    }

    private static String signer(String said, boolean within, Path file, Proof.Signed by) {
        boolean isGood = false;
        var reasons = new HashMap<String, String>();
        for (String line : said.lines().toList()) {
            var words = List.of((line + " - -").split(" "));
            String key = words.get(2);
            switch (words.get(1)) {
                case "NEWSIG" -> isGood = false;
                case "GOODSIG" -> isGood = true;
                case "VALIDSIG" -> {
                    // 01 is a signature of text, which gpgv writes to its output
                    boolean fits = words.size() > 12 && words.get(10).equals(within ? "01" : "00");
                    if (isGood && fits && within == said.contains("[GNUPG:] PLAINTEXT ")) {
                        return words.get(11);
                    }
                }
                default ->
                        Optional.ofNullable(REASONS.get(words.get(1)))
                                .ifPresent(why -> reasons.put(key, why.formatted(key)));
            }
        }
        throw new ImageException(
                "%s is not signed by a key of %s, as %s would show: %s"
                        .formatted(
                                file,
                                by.keyring(),
                                by.signature().orElse(file),
                                reasons.isEmpty()
                                        ? "it holds no signature"
                                        : String.join("; ", reasons.values())));
    }

    /// gpgv skips text before and after the signed part. That text is unsigned, so we refuse it.
    private static void requireClearsigned(byte[] bytes, Path file) {
        var lines = new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
        if (lines.lastIndexOf(BEGIN) != 0
                || lines.indexOf(BEGIN) != 0
                || lines.indexOf(END) != lines.size() - 1) {
            throw new ImageException(
                    file
                            + " is not signed within itself, as `gpg --clearsign` does; a signature"
                            + " in a file of its own is named by --signature");
        }
    }

    private static byte[] binary(byte[] keyring) {
        var all = new ByteArrayOutputStream();
        ARMORED_KEYS
                .matcher(new String(keyring, StandardCharsets.ISO_8859_1))
                .results()
                .map(block -> Base64.getMimeDecoder().decode(block.group(1)))
                .forEach(all::writeBytes);
        return all.size() == 0 ? keyring : all.toByteArray();
    }
}
