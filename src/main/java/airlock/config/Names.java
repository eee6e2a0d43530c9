package airlock.config;

import airlock.event.Refs;
import airlock.event.RepositoryId;
import airlock.text.SafeText;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Type;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Names of repositories, branches and refs.
final class Names {
    private static final Pattern REPOSITORY =
            Pattern.compile("[A-Za-z0-9_.-]{1,100}(?:/[A-Za-z0-9_.-]{1,100}){1,20}");
    private static final Pattern DOTS = Pattern.compile("(?:^|/)\\.\\.?(?:/|$)");

    private Names() {}

    /// `owner/repository`.
    static Type<String> repository() {
        return Scalars.matching(
                "owner and repository, such as alice/hello",
                text -> REPOSITORY.matcher(text).matches() && !DOTS.matcher(text).find());
    }

    /// A forge's id for a repository.
    static Type<String> forgeId() {
        return Scalars.WORD.as(
                "the forge's id, such as 4711",
                text -> {
                    new RepositoryId("forge", text); // has the rules
                    return text;
                });
    }

    /// A branch's short name.
    static Type<String> branch() {
        return Scalars.matching(
                "a branch's short name, such as main",
                text ->
                        !text.startsWith("refs/")
                                && Refs.valid("refs/heads/" + text, "refs/heads/"));
    }

    /// A pattern for refs.
    static Type<RefPattern> refPattern() {
        return Scalars.TEXT.as(
                "a pattern for branches such as release/*, or for tags such as refs/tags/v*",
                RefPattern::of);
    }

    /// A name that stands below another key of the file, so that a wrong one is found even where
    /// something else is wrong there.
    static Type<String> among(Set<String> known, String key) {
        return new Among(known, key);
    }

    private record Among(Set<String> known, String key) implements Type<String> {
        @Override
        public String expected() {
            return "a name in `" + key + "`";
        }

        @Override
        public Optional<String> read(Node node, Place place) {
            Optional<String> name = Scalars.TEXT.read(node, place);
            if (name.isPresent() && !known.contains(name.get())) {
                place.at(node.at())
                        .unknown(
                                "nothing of the name %s in %s"
                                        .formatted(SafeText.quoted(name.get()), key),
                                name.get(),
                                known.stream().sorted().toList());
            }
            return name;
        }
    }
}
