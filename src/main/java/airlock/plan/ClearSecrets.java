package airlock.plan;

import airlock.yaml.Node;
import airlock.yaml.Place;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds secrets in clear text in a plan file, by common forms: everyone who can read the
/// repository can read them.
final class ClearSecrets {
    private static final List<Form> FORMS =
            List.of(
                    new Form("-----BEGIN [A-Z ]{0,20}PRIVATE KEY", "a private key"),
                    new Form("\\bgh[pousr]_[A-Za-z0-9]{36}", "a token of GitHub's"),
                    new Form("\\bgithub_pat_[A-Za-z0-9_]{22}", "a token of GitHub's"),
                    new Form("\\bglpat-[A-Za-z0-9_-]{20}", "a token of GitLab's"),
                    new Form("\\bAKIA[A-Z0-9]{16}\\b", "an access key of Amazon's"),
                    new Form("\\bxox[abprs]-[A-Za-z0-9-]{10}", "a token of Slack's"),
                    new Form("://[^/\\s:@$]{1,100}:[^/\\s:@$]{3,100}@", "a password in a URL"),
                    new Form(
                            "(?i)(?:passw(?:or)?d|secret|token|api[_-]?key)[\"']?\\s{0,4}[=:]\\s{0,4}[\"']?"
                                    + "(?=[a-z+/_.-]{0,60}[0-9])[a-z0-9+/_.-]{12,}",
                            "a password or token"));
    private static final Pattern NAME = Pattern.compile("(?i)passw(or)?d|secret|token|api[_-]?key");

    private ClearSecrets() {}

    /// @param pattern needs time linear in the text
    /// @param what for people, with its article
    private record Form(Pattern pattern, String what) {
        Form(String pattern, String what) {
            this(Pattern.compile(pattern), what);
        }
    }

    /// Warns of each text below `node` that has a secret.
    static void warn(Node node, Place place) {
        switch (node) {
            case Node.Scalar scalar -> in(scalar.text()).ifPresent(what -> warn(what, place));
            case Node.Sequence sequence -> {
                for (int i = 0; i < sequence.items().size(); i++) {
                    var item = sequence.items().get(i);
                    warn(item, place.item(i, item.at()));
                }
            }
            case Node.Mapping mapping -> warn(mapping.entries(), place);
        }
    }

    /// Warns of secrets in a part of a mapping.
    static void warn(List<Node.Entry> entries, Place place) {
        for (var entry : entries) {
            var here = place.key(entry.key(), entry.value().at());
            if (isNamed(entry)) {
                warn("a password or token", here);
            } else {
                warn(entry.value(), here);
            }
        }
    }

    static Optional<String> in(String text) {
        return FORMS.stream()
                .filter(form -> form.pattern().matcher(text).find())
                .map(Form::what)
                .findFirst();
    }

    /// Whether the key's name marks a secret, as in `API_TOKEN: 7f3e9c…`.
    private static boolean isNamed(Node.Entry entry) {
        return entry.value() instanceof Node.Scalar scalar
                && NAME.matcher(entry.key()).find()
                && scalar.text().matches("(?=[^0-9]*[0-9])[A-Za-z0-9+/_.-]{12,}");
    }

    private static void warn(String what, Place place) {
        place.warning(
                "this looks like "
                        + what
                        + ", readable by everyone who can read the repository; the operator can"
                        + " keep it as a secret (`airlock secret set`)");
    }
}
