package airlock.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Spoils deliveries: bytes flipped, cut out, doubled, put in, and values that readers look at
/// replaced, so that the JSON stays whole.
public final class MutatedBodies {
    private MutatedBodies() {}

    /// `body` with one to four changes.
    public static byte[] of(byte[] body, RandomGenerator random) {
        byte[] now = body.clone();
        for (int i = 1 + random.nextInt(4); i > 0 && now.length > 0; i--) {
            now = once(now, random);
        }
        return now;
    }

    private static byte[] once(byte[] body, RandomGenerator random) {
        int at = random.nextInt(body.length);
        int end = Math.min(body.length, at + random.nextInt(200));
        return switch (random.nextInt(7)) {
            case 0 -> flipped(body, at, random);
            case 1 -> Arrays.copyOf(body, at);
            case 2 -> joined(body, at, new byte[0], end);
            case 3 -> joined(body, end, Arrays.copyOfRange(body, at, end), end);
            case 4 -> joined(body, at, SNIPPETS.get(random.nextInt(SNIPPETS.size())), at);
            case 5 -> replaced(body, random);
            default -> joined(body, at, noise(random), at);
        };
    }

    private static final List<byte[]> SNIPPETS =
            List.of(
                            "null",
                            "{",
                            "}",
                            "\"",
                            "-1",
                            "1e999",
                            "[[[[",
                            "\\ud800",
                            "\u0000",
                            "\"ref\":\"x\",",
                            "\"id\":0,",
                            "true",
                            "//",
                            "'",
                            "\ufeff")
                    .stream()
                    .map(text -> text.getBytes(UTF_8))
                    .toList();

    /// Puts another value in the place of one that readers look at, so that the JSON stays whole.
    private static byte[] replaced(byte[] body, RandomGenerator random) {
        String key =
                List.of("ref", "after", "before", "sha", "id", "number", "action", "ref_type")
                        .get(random.nextInt(8));
        String value =
                List.of(
                                "null",
                                "\"\"",
                                "\"refs/heads/\"",
                                "\"refs/heads/a..b\"",
                                "\"../../x\"",
                                "-1",
                                "99999999999999999999999",
                                "{}",
                                "[]",
                                "1.5",
                                "\"refs/notes/x\"",
                                "\"\\ud800\"",
                                "true",
                                "\"" + "0".repeat(40) + "\"")
                        .get(random.nextInt(14));
        return new String(body, UTF_8)
                .replaceFirst(
                        "\"" + key + "\": (\"[^\"]*\"|[0-9]+)",
                        java.util.regex.Matcher.quoteReplacement("\"" + key + "\": " + value))
                .getBytes(UTF_8);
    }

    private static byte[] flipped(byte[] body, int at, RandomGenerator random) {
        byte[] now = body.clone();
        now[at] ^= (byte) (1 << random.nextInt(8));
        return now;
    }

    private static byte[] noise(RandomGenerator random) {
        byte[] noise = new byte[random.nextInt(40)];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] joined(byte[] body, int from, byte[] middle, int to) {
        byte[] now = new byte[from + middle.length + body.length - to];
        System.arraycopy(body, 0, now, 0, from);
        System.arraycopy(middle, 0, now, from, middle.length);
        System.arraycopy(body, to, now, from + middle.length, body.length - to);
        return now;
    }
}
