package airlock.image;

import airlock.base.Trees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Checks a signature of OpenPGP, in a file of its own or around what is signed, by gpgv(1) in
/// walls: only the keys of a keyring count.
final class SumsSignature {
    private static final Tool GPGV = new Tool("gpgv");
    private static final int MOST_STATUS = 64 << 10;
    private static final int MOST_TEXT = 1 << 20;
    private static final String BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----";
    private static final String END = "-----END PGP SIGNATURE-----";

    /// gpgv reads no armored keyrings.
    private static final Pattern ARMORED_KEYS =
            Pattern.compile(
                    "(?s)-----BEGIN PGP PUBLIC KEY BLOCK-----.*?\r?\n\r?\n"
                            + "(.*?)\n(?:=[^\n]*\n)?-----END");

    /// What gpgv says of a signature that does not count (its doc/DETAILS), for people.
    private static final Map<String, String> REASONS =
            Map.of(
                    "BADSIG", "the signature by key %s is for another file",
                    "NO_PUBKEY", "the key %s is not in the keyring",
                    "ERRSIG", "the signature by key %s is not of an accepted kind",
                    "REVKEYSIG", "the key %s was revoked",
                    "EXPKEYSIG", "the key %s has expired",
                    "EXPSIG", "the signature by key %s has expired",
                    "NODATA", "there is no signature in it",
                    "UNEXPECTED", "it is not a signature");

    private SumsSignature() {}

    /// What was signed, and the fingerprint of the key's owner.
    record Told(byte[] text, String key) {}

    /// What the file says and who signed it.
    ///
    /// @param bytes the content of `file`
    /// @throws ImageException if no key of the keyring signed it
    static Told told(byte[] bytes, Path file, Proof.Signed by, Box box)
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
                return told(bytes, file, by, home, box);
            } finally {
                Trees.remove(home);
            }
        } catch (IOException e) {
            throw new ImageException("cannot check the signature of " + file + ": " + e, e);
        }
    }

    private static Told told(byte[] bytes, Path file, Proof.Signed by, Path home, Box box)
            throws IOException, InterruptedException {
        if (by.signature().isEmpty()) {
            Files.write(home.resolve("signature"), bytes);
            String said = gpgv(home, box, "--output", home + "/text", home + "/signature");
            String key = signer(said, true, file, by);
            return new Told(text(home.resolve("text")), key);
        }
        Files.write(
                home.resolve("signature"), StoreFiles.small(by.signature().get(), Proof.LONGEST));
        Files.write(home.resolve("text"), bytes);
        String said = gpgv(home, box, home + "/signature", home + "/text");
        return new Told(bytes, signer(said, false, file, by));
    }

    private static byte[] text(Path file) throws IOException {
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(MOST_TEXT);
        }
    }

    /// Its lines for programs. How it ends says less: it fails if one signature of several is by an
    /// unknown key, and not if a key was revoked.
    private static String gpgv(Path home, Box box, String... files)
            throws IOException, InterruptedException {
        var options = List.of("--homedir", home.toString(), "--keyring", home + "/keys");
        var words = new ArrayList<>(options);
        words.addAll(List.of("--weak-digest", "SHA1", "--status-fd", "1"));
        words.addAll(List.of(files));
        var line = GPGV.line(words.toArray(String[]::new));
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
                    // 01 is a signature of a text, which gpgv has written then
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
