package airlock.token;

import airlock.event.Secret;
import airlock.text.SecretForms;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The forms in which an answer could hold a token: itself, and base64 of text that contains it.
final class TokenForms {
    /// Shorter tokens would be found in answers by chance.
    static final int SHORTEST = 8;

    /// Of a longer form only its end is looked for: many tokens of one server begin alike.
    static final int LONGEST = 64;

    private static final String BASIC = "basic ";

    private TokenForms() {}

    /// All forms of one token; none if it has fewer than [#SHORTEST] characters.
    ///
    /// @param value of the header that carries it
    static List<byte[]> of(Secret value) {
        var forms = new ArrayList<byte[]>();
        for (String secret : secretsIn(value.reveal())) {
            if (secret.length() >= SHORTEST) {
                byte[] bytes = secret.getBytes(StandardCharsets.ISO_8859_1);
                forms.add(end(bytes));
                SecretForms.base64(bytes).forEach(form -> forms.add(end(form)));
            }
        }
        return forms;
    }

    /// The value names a scheme before the token; the scheme Basic has base64 of user and password.
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
                // not base64: the server will refuse it
            }
        }
        return secrets;
    }

    private static byte[] end(byte[] form) {
        return Arrays.copyOfRange(form, Math.max(0, form.length - LONGEST), form.length);
    }
}
