package airlock.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPObjectFactory;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/// Checks a signature of OpenPGP (RFC 9580), in a file of its own or around what is signed, as
/// gpgv(1) does: by the keys of a keyring and no others.
final class SumsSignature {
    private static final Set<Integer> GOOD_HASHES =
            Set.of(
                    HashAlgorithmTags.SHA256,
                    HashAlgorithmTags.SHA384,
                    HashAlgorithmTags.SHA512,
                    HashAlgorithmTags.SHA3_256,
                    HashAlgorithmTags.SHA3_512);

    private final byte[] signed;
    private final int type;
    private final PGPPublicKeyRingCollection keys;

    /// Why the signatures that there are do not count, for people.
    private final List<String> reasons = new ArrayList<>();

    private SumsSignature(byte[] signed, int type, PGPPublicKeyRingCollection keys) {
        this.signed = signed;
        this.type = type;
        this.keys = keys;
    }

    /// What somebody has signed.
    ///
    /// @param key the fingerprint of theirs
    record Told(byte[] text, String key) {}

    /// What the file says and who says it.
    ///
    /// @param bytes the content of `file`
    /// @throws ImageException where no key of the keyring signed it
    static Told told(byte[] bytes, Path file, Proof.Signed by) {
        var keys = keys(by.keyring());
        if (by.signature().isPresent()) {
            Path own = by.signature().get();
            var check = new SumsSignature(bytes, PGPSignature.BINARY_DOCUMENT, keys);
            return new Told(bytes, check.signer(Proof.read(own), own, file, by.keyring()));
        }
        var clear = Clearsigned.of(bytes, file);
        var check = new SumsSignature(clear.signed(), PGPSignature.CANONICAL_TEXT_DOCUMENT, keys);
        return new Told(clear.text(), check.signer(clear.signature(), file, file, by.keyring()));
    }

    /// @param shown where the signatures stand
    private String signer(byte[] signatures, Path shown, Path file, Path keyring) {
        for (PGPSignature signature : signatures(signatures, shown)) {
            try {
                var key = signer(signature);
                if (!key.isEmpty()) {
                    return key;
                }
            } catch (PGPException | RuntimeException e) {
                reasons.add("one can't be checked: " + e);
            }
        }
        throw new ImageException(
                "%s is not signed by a key of %s, as %s would show: %s"
                        .formatted(
                                file,
                                keyring,
                                shown,
                                reasons.isEmpty()
                                        ? "it holds no signature"
                                        : String.join("; ", reasons)));
    }

    private static PGPPublicKeyRingCollection keys(Path keyring) {
        try (var in = PGPUtil.getDecoderStream(new ByteArrayInputStream(Proof.read(keyring)))) {
            return new PGPPublicKeyRingCollection(in, new BcKeyFingerprintCalculator());
        } catch (ImageException e) {
            throw e;
        } catch (IOException | PGPException | RuntimeException e) {
            throw new ImageException(
                    "cannot read the keyring " + keyring + ", export one: gpg --export KEY: " + e,
                    e);
        }
    }

    private static List<PGPSignature> signatures(byte[] bytes, Path file) {
        var found = new ArrayList<PGPSignature>();
        try (var in = PGPUtil.getDecoderStream(new ByteArrayInputStream(bytes))) {
            var objects = new PGPObjectFactory(in, new BcKeyFingerprintCalculator());
            for (Object next = objects.nextObject(); next != null; next = objects.nextObject()) {
                if (next instanceof PGPSignatureList list) {
                    list.forEach(found::add);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new ImageException("cannot read the signature " + file + ": " + e, e);
        }
        return found;
    }

    /// Empty where it does not count.
    private String signer(PGPSignature signature) throws PGPException {
        String id = String.format(Locale.ROOT, "%016X", signature.getKeyID());
        PGPPublicKeyRing ring = keys.getPublicKeyRing(signature.getKeyID());
        if (ring == null) {
            return no("the key " + id + " is not in the keyring");
        }
        PGPPublicKey key = ring.getPublicKey(signature.getKeyID());
        if (signature.getSignatureType() != type
                || !GOOD_HASHES.contains(signature.getHashAlgorithm())) {
            return no("that by " + id + " is of a kind that is not accepted");
        }
        if (!isGood(ring.getPublicKey(), signature) || !isGood(key, signature)) {
            return no("the key " + id + " was revoked, or not valid when it signed");
        }
        if (!key.isMasterKey() && !isBound(key, ring.getPublicKey())) {
            return no("the key " + id + " is not one of its owner's");
        }
        signature.init(new BcPGPContentVerifierBuilderProvider(), key);
        signature.update(signed);
        if (!signature.verify()) {
            return no("that by " + id + " is one of another file");
        }
        return HexFormat.of().withUpperCase().formatHex(ring.getPublicKey().getFingerprint());
    }

    private String no(String reason) {
        reasons.add(reason);
        return "";
    }

    private static boolean isGood(PGPPublicKey key, PGPSignature signature) {
        Instant made = key.getCreationTime().toInstant();
        Instant when = signature.getCreationTime().toInstant();
        var valid = Duration.ofSeconds(key.getValidSeconds());
        return !key.hasRevocation()
                && !when.isBefore(made)
                && (valid.isZero() || when.isBefore(made.plus(valid)));
    }

    /// Whether the owner says that the key is one of its own.
    private static boolean isBound(PGPPublicKey key, PGPPublicKey owner) throws PGPException {
        Iterator<PGPSignature> said = key.getSignaturesForKeyID(owner.getKeyID());
        while (said.hasNext()) {
            var binding = said.next();
            if (binding.getSignatureType() == PGPSignature.SUBKEY_BINDING) {
                binding.init(new BcPGPContentVerifierBuilderProvider(), owner);
                if (binding.verifyCertification(owner, key)) {
                    return true;
                }
            }
        }
        return false;
    }
}
