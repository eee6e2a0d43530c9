package airlock.token;

import airlock.event.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The forms in which an answer could hold a token: itself, and base64 of anything with it inside.
final class TokenForms {
    /// Fewer characters would be found in answers by chance.
    static final int SHORTEST = 8;

    /// Of a long form its end is looked for: many tokens of one server begin alike.
    static final int LONGEST = 64;

    private static final String BASIC = "basic ";
    private static final int BASE64_BITS = 6;

    private TokenForms() {}

    /// All forms of one token.
    ///
    /// @param value of the header that has the token
    /// @return none where it has no token of [#SHORTEST] characters
    static List<byte[]> of(Secret value) {
        var forms = new ArrayList<byte[]>();
        for (String secret : secretsIn(value.reveal())) {
            if (secret.length() < SHORTEST) {
                continue;
            }
            byte[] bytes = secret.getBytes(StandardCharsets.ISO_8859_1);
            forms.add(end(bytes));
            for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                for (int before = 0; before < 3; before++) {
                    forms.add(end(inside(encoder, bytes, before)));
                }
            }
        }
        return forms;
    }

    /// A header's value names a scheme before its token; one scheme has base64 of user and
    /// password.
    private static Set<String> secretsIn(String value) {
        var secrets = new LinkedHashSet<String>();
        String secret = value.substring(value.lastIndexOf(' ') + 1);
        secrets.add(secret);
        if (value.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            try {
                String pair =
                        new String(Base64.getDecoder().decode(secret), StandardCharsets.ISO_8859_1);
                secrets.add(pair);
                secrets.add(pair.substring(pair.indexOf(':') + 1));
            } catch (IllegalArgumentException _) {
                // no base64: the server will say so
            }
        }
        return secrets;
    }

    /// The characters that base64 has for `bytes` whatever stands around them.
    ///
    /// @param before how many bytes stand before them, modulo 3
    private static byte[] inside(Base64.Encoder encoder, byte[] bytes, int before) {
        byte[] all = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, all, before, bytes.length);
        byte[] encoded = encoder.withoutPadding().encode(all);
        int from = (before * Byte.SIZE + BASE64_BITS - 1) / BASE64_BITS;
        return Arrays.copyOfRange(encoded, from, all.length * Byte.SIZE / BASE64_BITS);
    }

    private static byte[] end(byte[] form) {
        return Arrays.copyOfRange(form, Math.max(0, form.length - LONGEST), form.length);
    }
}
