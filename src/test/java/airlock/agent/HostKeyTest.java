package airlock.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.junit.jupiter.api.Test;

class HostKeyTest {
    private static final byte[] SESSION = AgentFixture.session(1);

    private static final List<TestHost> ALL =
            List.of(
                    TestHost.ed25519(),
                    TestHost.ecdsa(SECObjectIdentifiers.secp256r1),
                    TestHost.ecdsa(SECObjectIdentifiers.secp384r1),
                    TestHost.ecdsa(SECObjectIdentifiers.secp521r1),
                    TestHost.rsa(2048));

    @Test
    void eachKindVerifiesItsOwnSignaturesAndNoOthers() {
        for (var host : ALL) {
            byte[] signature = host.sign(SESSION);
            for (var other : ALL) {
                assertThat(other.key().hasSigned(SESSION, signature))
                        .as("%s by %s", other.key(), host.key())
                        .isEqualTo(other.equals(host));
            }
            assertThat(host.key().hasSigned(AgentFixture.session(2), signature)).isFalse();
        }
    }

    @Test
    void rsaSignsWithBothSha2AndNotWithSha1() {
        var host = TestHost.rsa(2048);
        assertThat(host.key().hasSigned(SESSION, host.sign("rsa-sha2-256", SESSION))).isTrue();
        assertThat(host.key().hasSigned(SESSION, host.sign("rsa-sha2-512", SESSION))).isTrue();
        assertThat(host.key().hasSigned(SESSION, host.sign("ssh-rsa", SESSION))).isFalse();
    }

    @Test
    void aSignatureByAnotherAlgorithmThanItNamesIsNone() {
        var host = TestHost.rsa(2048);
        var in = new SshBytes(host.sign("rsa-sha2-256", SESSION));
        in.text();
        byte[] bare = in.string();
        for (String name : List.of("rsa-sha2-512", "ssh-rsa", "ssh-ed25519", "none", "")) {
            byte[] renamed = new SshOutput().text(name).string(bare).bytes();
            assertThat(host.key().hasSigned(SESSION, renamed)).as(name).isFalse();
        }
    }

    @Test
    void everyChangedOrMissingByteOfASignatureIsRefused() {
        for (var host : ALL) {
            var key = host.key();
            byte[] good = host.sign(SESSION);
            assertThat(key.hasSigned(SESSION, good)).isTrue();
            for (int at = 0; at < good.length; at++) {
                byte[] bad = good.clone();
                bad[at] ^= 0x10;
                assertThat(key.hasSigned(SESSION, bad)).as("%s at %d", key, at).isFalse();
                assertThat(key.hasSigned(SESSION, Arrays.copyOf(good, at))).isFalse();
            }
            assertThat(key.hasSigned(SESSION, Arrays.copyOf(good, good.length + 1))).isFalse();
        }
    }

    @Test
    void numbersOfEcdsaAreWrittenInOneWay() {
        var host = TestHost.ecdsa(SECObjectIdentifiers.secp256r1);
        var in = new SshBytes(host.sign(SESSION));
        String type = in.text();
        var numbers = new SshBytes(in.string());
        byte[] r = numbers.string();
        byte[] s = numbers.string();
        assertThat(host.key().hasSigned(SESSION, ecdsa(type, r, s))).isTrue();
        byte[] zero = {0};
        for (byte[] bad :
                List.of(
                        Messages.together(zero, r),
                        new byte[0],
                        zero,
                        new byte[] {1},
                        new byte[] {-1},
                        Messages.together(new byte[] {1}, new byte[100]))) {
            assertThat(host.key().hasSigned(SESSION, ecdsa(type, bad, s))).isFalse();
            assertThat(host.key().hasSigned(SESSION, ecdsa(type, r, bad))).isFalse();
        }
    }

    private static byte[] ecdsa(String type, byte[] r, byte[] s) {
        byte[] numbers = new SshOutput().string(r).string(s).bytes();
        return new SshOutput().text(type).string(numbers).bytes();
    }

    private static String refusal(byte[] blob) {
        return switch (HostKey.read(blob)) {
            case HostKey.Reading.Read(var key) -> throw new AssertionError("read: " + key);
            case HostKey.Reading.Refused(var why) -> why;
        };
    }

    @Test
    void whatIsNoHostKeyIsRefused() {
        var good = TestHost.ed25519().blob();
        assertThat(refusal(new byte[0])).startsWith("is no public key, not one of ssh-ed25519");
        assertThat(refusal(new SshOutput().text("ssh-dss").bytes())).contains("of type ssh-dss");
        for (String type :
                List.of("ssh-ed25519-cert-v01@openssh.com", "sk-ssh-ed25519@openssh.com")) {
            assertThat(refusal(new SshOutput().text(type).string(good).bytes())).contains(type);
        }
        for (var host : ALL) {
            byte[] blob = host.blob();
            Stream.of(blob.length + 1, blob.length - 1, blob.length / 2)
                    .forEach(
                            length ->
                                    assertThat(refusal(Arrays.copyOf(blob, length))).isNotEmpty());
        }
    }

    @Test
    void aKeyOfOneKindThatCallsItselfAnotherIsRefused() {
        var in = new SshBytes(TestHost.ecdsa(SECObjectIdentifiers.secp256r1).blob());
        in.text();
        String curve = in.text();
        byte[] point = in.string();
        assertThat(
                        refusal(
                                new SshOutput()
                                        .text("ecdsa-sha2-nistp521")
                                        .text(curve)
                                        .string(point)
                                        .bytes()))
                .isNotEmpty();
        assertThat(
                        refusal(
                                new SshOutput()
                                        .text("ecdsa-sha2-nistp256")
                                        .text(curve)
                                        .string(new byte[point.length])
                                        .bytes()))
                .isNotEmpty();
    }

    @Test
    void anRsaKeyOf1024BitsIsTooShort() {
        assertThat(refusal(TestHost.rsa(1024).blob()))
                .isEqualTo("has 1024 bits; at least 2048 are required");
    }

    @Test
    void itIsShownAsOpenSshShowsIt() {
        // ssh-keygen -lf of this line
        String line = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
        var read = (HostKey.Reading.Read) HostKey.read(Base64.getDecoder().decode(line));
        assertThat(read.key().toString())
                .isEqualTo("ssh-ed25519 SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
    }
}
