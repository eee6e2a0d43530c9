package airlock.agent;

import static airlock.agent.AgentFixture.session;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.uplink.GuestStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A guest that sends mutated messages. It never gets a signature that it may not have.
class HostileAgentTest {
    private static final int MESSAGES = 100_000;

    private final AgentFixture with = new AgentFixture();
    private final List<byte[]> good = new ArrayList<>();

    /// The signatures that may come out: Ed25519 gives the same one for the same bytes.
    private final Set<ByteBuffer> allowed = new HashSet<>();

    HostileAgentTest() {
        byte[] key = with.key();
        byte[] host = with.upload.blob();
        byte[] login = with.login(1);
        byte[] bound = Messages.login(session(1), "ci", key, host);
        for (byte[] data : List.of(login, bound)) {
            allowed.add(ByteBuffer.wrap(with.deploy.sign(data)));
            good.add(Messages.sign(key, data));
        }
        good.add(Messages.bind(with.upload, session(1), false));
        good.add(Messages.bind(with.upload, session(1), false));
        good.add(Messages.identities());
        // well-formed but not allowed
        good.add(Messages.bind(with.upload, session(2), true));
        good.add(Messages.bind(with.stranger, session(1), false));
        good.add(Messages.sign(key, with.login(2)));
        good.add(Messages.sign(key, Messages.login(session(1), "root", key)));
        good.add(Messages.sign(with.mirror.publicBlob(), login));
        good.add(new SshOutput().octet(17).text(HostKey.ED25519).string(key).bytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20261128})
    void nothingButWhatMayBeSignedIsSignedWhateverAGuestSends(long seed) throws Exception {
        var random = new Random(seed);
        int signed = 0;
        int refused = 0;
        int cut = 0;
        for (int sent = 0; sent < MESSAGES; ) {
            var stream = new GuestStream();
            var agent = with.agent(1_000);
            byte[] bytes = conversation(random);
            sent += 6;
            stream.say(bytes);
            stream.end();

            agent.serve(stream.host());

            for (byte[] answer : answers(stream)) {
                var in = new SshBytes(answer);
                switch (in.octet()) {
                    case Answers.SIGNATURE -> {
                        signed++;
                        isAllowed(in.string(), seed, bytes);
                    }
                    case Answers.FAILURE -> refused++;
                    case Answers.SUCCESS, Answers.IDENTITIES -> {}
                    default -> throw new AssertionError("answer " + answer[0]);
                }
            }
            cut += stream.wasReset() ? 1 : 0;
            with.log.clear();
        }
        // the mutations reach all outcomes
        assertThat(signed).isGreaterThan(2_000);
        assertThat(refused).isGreaterThan(10_000);
        assertThat(cut).isGreaterThan(100);
    }

    private void isAllowed(byte[] signature, long seed, byte[] sent) {
        var in = new SshBytes(signature);
        assertThat(in.text()).isEqualTo(HostKey.ED25519);
        assertThat(allowed)
                .as("seed %d: %s", seed, HexFormat.of().formatHex(sent))
                .contains(ByteBuffer.wrap(in.string()));
    }

    /// Six messages, mostly with a bind first, since nothing is signed without one.
    private byte[] conversation(Random random) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < 6; i++) {
            byte[] message = i == 0 && random.nextInt(4) > 0 ? good.get(2) : pick(random);
            boolean isChanged = i > 0 && random.nextInt(3) > 0;
            byte[] framed = Messages.framed(isChanged ? changed(message, random) : message);
            out.writeBytes(random.nextInt(40) == 0 ? changed(framed, random) : framed);
        }
        return out.toByteArray();
    }

    /// Every other one requests an allowed signature.
    private byte[] pick(Random random) {
        return good.get(random.nextInt(random.nextBoolean() ? 2 : good.size()));
    }

    private byte[] changed(byte[] message, Random random) {
        byte[] copy = message.clone();
        int at = random.nextInt(copy.length);
        return switch (random.nextInt(8)) {
            case 0 -> {
                copy[at] ^= (byte) (1 << random.nextInt(8));
                yield copy;
            }
            case 1 -> {
                copy[at] = (byte) random.nextInt(256);
                yield copy;
            }
            case 2 -> Arrays.copyOf(copy, Math.max(1, at));
            case 3 -> Arrays.copyOf(copy, copy.length + 1 + random.nextInt(8));
            case 4 -> spliced(copy, at, pick(random), random);
            case 5 -> Messages.together(copy, pick(random));
            case 6 -> { // perhaps a length
                if (copy.length >= Integer.BYTES) {
                    ByteBuffer.wrap(copy)
                            .putInt(
                                    Math.min(at, copy.length - Integer.BYTES),
                                    random.nextInt(-1, copy.length));
                }
                yield copy;
            }
            default -> {
                byte[] word = new byte[Math.min(8, copy.length - at)];
                random.nextBytes(word);
                System.arraycopy(word, 0, copy, at, word.length);
                yield copy;
            }
        };
    }

    /// The beginning of one and the end of the other.
    private static byte[] spliced(byte[] one, int at, byte[] other, Random random) {
        int from = random.nextInt(other.length);
        return Messages.together(
                Arrays.copyOf(one, at + 1), Arrays.copyOfRange(other, from, other.length));
    }

    private static List<byte[]> answers(GuestStream stream) throws InterruptedException {
        byte[] all = new byte[0];
        for (var piece = stream.hear(); piece.isPresent(); piece = stream.hear()) {
            all = Messages.together(all, piece.orElseThrow());
        }
        var answers = new ArrayList<byte[]>();
        for (int at = 0; at < all.length; ) {
            byte[] answer = new SshBytes(Arrays.copyOfRange(all, at, all.length)).string();
            assertThat(answer).isNotEmpty();
            answers.add(answer);
            at += Integer.BYTES + answer.length;
        }
        return answers;
    }

    @Test
    void noBytesMakeAReaderFail() {
        var random = new Random(7);
        good.add(with.upload.blob());
        good.add(TestHost.ecdsa(SECObjectIdentifiers.secp256r1).blob());
        for (int i = 0; i < MESSAGES; i++) {
            byte[] bytes = changed(pick(random), random);
            assertThat(HostKey.read(bytes)).isNotNull();
            assertThat(UserAuth.read(bytes)).isNotNull();
            assertThat(Request.read(bytes)).isNotNull();
            assertThat(HostKey.shown(bytes)).matches("[ -~]+");
        }
    }
}
