package airlock.secrets;

import airlock.base.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals secrets for the disk with AES-256-GCM (NIST SP 800-38D), and opens them.
///
/// **Format** of a sealed secret: one byte 1 for the format, 8 bytes of key id, 12 random bytes of
/// nonce, the ciphertext, 16 bytes of tag. The label is authenticated, so that a sealed secret that
/// was moved to another row does not open.
public final class MasterKey {
    static final int BYTES = 32;
    private static final byte FORMAT = 1;
    private static final int ID = 8;
    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final int OVERHEAD = 1 + ID + NONCE + TAG;

    private final List<Part> parts;
    private final String origin;
    private final SecureRandom random = new SecureRandom();

    private record Part(SecretKeySpec key, byte[] id) {
        static Part of(byte[] bytes) {
            var hash = Hash.sha256().add("airlock master key ").add(bytes);
            return new Part(new SecretKeySpec(bytes, "AES"), Arrays.copyOf(hash.bytes(), ID));
        }
    }

    /// @param keys 32 random bytes each; all of them open, the last one seals
    /// @param origin their file, for messages
    MasterKey(List<byte[]> keys, String origin) {
        this.parts = keys.stream().map(Part::of).toList();
        this.origin = origin;
    }

    boolean isReplaced() {
        return parts.size() > 1;
    }

    boolean isNewest(byte[] sealed) {
        return sealed.length > ID && Arrays.equals(sealed, 1, 1 + ID, parts.getLast().id(), 0, ID);
    }

    /// Seals `secret` for the place that `label` names.
    byte[] seal(byte[] secret, String label) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, parts.getLast(), nonce, label).doFinal(secret);
            return ByteBuffer.allocate(1 + ID + NONCE + sealed.length)
                    .put(FORMAT)
                    .put(parts.getLast().id())
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new SecretsException("sealing " + label + " failed", e);
        }
    }

    /// Opens a secret that [#seal(byte[], String)] sealed for the same label.
    ///
    /// @throws SecretsException if it was sealed with another key or for another place, or was
    ///     changed
    byte[] open(byte[] sealed, String label) {
        var in = ByteBuffer.wrap(sealed);
        if (sealed.length < OVERHEAD || in.get() != FORMAT) {
            throw new SecretsException(
                    "%s is not a sealed secret of this version: %d bytes"
                            .formatted(label, sealed.length));
        }
        byte[] sealedWith = new byte[ID];
        byte[] nonce = new byte[NONCE];
        in.get(sealedWith).get(nonce);
        Part part =
                parts.stream()
                        .filter(one -> Arrays.equals(sealedWith, one.id()))
                        .findFirst()
                        .orElseThrow(() -> new SecretsException(otherKey(label, sealedWith)));
        byte[] text = new byte[in.remaining()];
        in.get(text);
        try {
            return cipher(Cipher.DECRYPT_MODE, part, nonce, label).doFinal(text);
        } catch (AEADBadTagException e) {
            throw new SecretsException(
                    label + " was changed or moved since it was sealed; make a new key", e);
        } catch (GeneralSecurityException e) {
            throw new SecretsException("opening " + label + " failed", e);
        }
    }

    private String otherKey(String label, byte[] id) {
        return "%s was sealed with master key %s, but %s holds %s: put the right key file back, or make a new key"
                .formatted(label, hex(id), origin, ids());
    }

    private static Cipher cipher(int mode, Part part, byte[] nonce, String label)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, part.key(), new GCMParameterSpec(8 * TAG, nonce));
        cipher.updateAAD(label.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private String ids() {
        return parts.stream().map(part -> hex(part.id())).collect(Collectors.joining(" and "));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public String toString() {
        return "master key " + ids() + " of " + origin;
    }
}
