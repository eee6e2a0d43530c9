package airlock.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.AsymmetricCipherKeyPairGenerator;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.generators.Ed25519KeyPairGenerator;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.Ed25519KeyGenerationParameters;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.RSADigestSigner;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;

/// A host with a key, as the signer of session ids.
///
/// @param blob the public half
record TestHost(AsymmetricCipherKeyPair pair, byte[] blob) {
    private static final SecureRandom RANDOM = new SecureRandom();

    static TestHost ed25519() {
        return of(new Ed25519KeyPairGenerator(), new Ed25519KeyGenerationParameters(RANDOM));
    }

    static TestHost ecdsa(ASN1ObjectIdentifier curve) {
        var domain = ECNamedDomainParameters.lookup(curve);
        return of(new ECKeyPairGenerator(), new ECKeyGenerationParameters(domain, RANDOM));
    }

    static TestHost rsa(int bits) {
        return of(
                new RSAKeyPairGenerator(),
                new RSAKeyGenerationParameters(BigInteger.valueOf(65537), RANDOM, bits, 100));
    }

    private static TestHost of(
            AsymmetricCipherKeyPairGenerator generator,
            org.bouncycastle.crypto.KeyGenerationParameters parameters) {
        generator.init(parameters);
        var pair = generator.generateKeyPair();
        try {
            return new TestHost(pair, OpenSSHPublicKeyUtil.encodePublicKey(pair.getPublic()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HostKey key() {
        return ((HostKey.Reading.Read) HostKey.read(blob)).key();
    }

    SigningKey.Host listed(String name) {
        return new SigningKey.Host(name, key());
    }

    /// A signature by its key's usual algorithm.
    byte[] sign(byte[] data) {
        String type = HostKey.typeOf(blob);
        return sign(type.equals("ssh-rsa") ? "rsa-sha2-512" : type, data);
    }

    /// @param algorithm of its kind of key
    byte[] sign(String algorithm, byte[] data) {
        byte[] signature =
                switch (algorithm) {
                    case "ssh-ed25519" -> sign(new Ed25519Signer(), data);
                    case "ecdsa-sha2-nistp256" -> ecdsa(new SHA256Digest(), data);
                    case "ecdsa-sha2-nistp384" -> ecdsa(new SHA384Digest(), data);
                    case "ecdsa-sha2-nistp521" -> ecdsa(new SHA512Digest(), data);
                    case "rsa-sha2-256" -> sign(new RSADigestSigner(new SHA256Digest()), data);
                    case "rsa-sha2-512" -> sign(new RSADigestSigner(new SHA512Digest()), data);
                    case "ssh-rsa" -> sign(new RSADigestSigner(new SHA1Digest()), data);
                    default -> throw new IllegalArgumentException(algorithm);
                };
        return new SshOutput().text(algorithm).string(signature).bytes();
    }

    private byte[] sign(org.bouncycastle.crypto.Signer signer, byte[] data) {
        signer.init(true, pair.getPrivate());
        signer.update(data, 0, data.length);
        try {
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] ecdsa(Digest digest, byte[] data) {
        digest.update(data, 0, data.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        var signer = new ECDSASigner();
        signer.init(true, pair.getPrivate());
        var numbers = signer.generateSignature(hash);
        return new SshOutput()
                .string(numbers[0].toByteArray())
                .string(numbers[1].toByteArray())
                .bytes();
    }
}
