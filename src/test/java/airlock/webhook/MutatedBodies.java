package airlock.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import airlock.yaml.Mutations;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;

/// Mutates deliveries: changes bytes, inserts pieces of JSON, and replaces values that are read, so
/// that the JSON stays valid.
public final class MutatedBodies {
    private static final String[] SNIPPETS =
            "null { } \" -1 1e999 [[[[ \\ud800 \0 \"ref\":\"x\", \"id\":0, true // ' \ufeff"
                    .split(" ");
    private static final String[] KEYS =
            "ref after before sha id number action ref_type".split(" ");
    private static final String[] VALUES =
            ("null \"\" \"refs/heads/\" \"refs/heads/a..b\" \"../../x\" -1 99999999999999999999999 {}"
                            + " [] 1.5 \"refs/notes/x\" \"\\ud800\" true \""
                            + "0".repeat(40)
                            + "\"")
                    .split(" ");

    private MutatedBodies() {}

    /// `body` with a few changes.
    public static byte[] of(byte[] body, RandomGenerator random) {
        byte[] now = body.clone();
        for (int i = 1 + random.nextInt(3); i > 0 && now.length > 0; i--) {
            now =
                    switch (random.nextInt(4)) {
                        case 0 -> replaced(now, random);
                        case 1 -> inserted(now, random);
                        default -> Mutations.of(now, Random.from(random));
                    };
        }
        return now;
    }

    private static byte[] inserted(byte[] body, RandomGenerator random) {
        int at = random.nextInt(body.length);
        var out = new ByteArrayOutputStream();
        out.write(body, 0, at);
        out.writeBytes(SNIPPETS[random.nextInt(SNIPPETS.length)].getBytes(UTF_8));
        out.write(body, at, body.length - at);
        return out.toByteArray();
    }

    private static byte[] replaced(byte[] body, RandomGenerator random) {
        String key = "\"" + KEYS[random.nextInt(KEYS.length)] + "\": ";
        String value = VALUES[random.nextInt(VALUES.length)];
        return new String(body, UTF_8)
                .replaceFirst(key + "(\"[^\"]*\"|[0-9]+)", Matcher.quoteReplacement(key + value))
                .getBytes(UTF_8);
    }
}
