package airlock.config;

import airlock.config.DputTarget.Method;
import airlock.config.DputTarget.Server;
import airlock.text.Shown;
import airlock.yaml.Key;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The `targets` of a repository.
final class TargetsSection {
    private static final Key<String> NAME =
            Key.required(
                    "name",
                    matching("a word", Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*")),
                    "What `dput.cf` calls it.");
    private static final Key<HostName> HOST =
            Key.required(
                    "host", Scalars.TEXT.as("a host's name", RsyncTarget::host), "The server.");
    private static final Key<Method> METHOD =
            Key.or("method", methods(), Method.SCP, "scp", "How files go there.");
    private static final Key<Long> PORT =
            Key.free(
                    "port",
                    Scalars.integer(1, 65_535),
                    "the method's: 22, 443 or 80",
                    "Its port; by `https` and `http` only dput-ng takes another.");
    private static final Key<String> INCOMING =
            Key.required(
                            "incoming",
                            matching("a path without blanks", Pattern.compile("[^\\s%-][^\\s%]*")),
                            "The directory for uploads, or the path of the URL.")
                    .example("/srv/incoming");
    private static final Key<String> LOGIN =
            Key.or(
                    "login",
                    matching("a user's name, or *", Pattern.compile("\\*|[A-Za-z0-9_][\\w.-]*")),
                    "*",
                    "*",
                    "The user there; `*`: ssh decides.");
    private static final Key<Boolean> UNSIGNED =
            Key.or(
                    "unsigned",
                    Scalars.FLAG,
                    true,
                    "true",
                    "Whether packages are uploaded that nobody has signed, as those of `deb` are.");
    private static final String WITHOUT = "an action `%s` is a mistake of the plan";
    private static final Key<RsyncTarget> RSYNC =
            Key.free(
                            "rsync",
                            Scalars.TEXT.as(
                                    "USER@HOST:PATH or ssh://USER@HOST:PORT/PATH", RsyncTarget::of),
                            WITHOUT.formatted("rsync"),
                            "What `rsync` and `rsync2` make the same as the artifacts, by ssh.")
                    .example("www@files.example:/srv/hello");
    private static final Key<DputTarget> DPUT =
            Key.free(
                            "dput",
                            new NameOrServer(),
                            WITHOUT.formatted("dput"),
                            "Where `dput` and `dput2` upload Debian packages to. A name alone: what"
                                    + " the `dput.cf` on the secrets drive calls it.")
                    .example("{name: ours, host: upload.example, incoming: /srv/incoming}");

    private TargetsSection() {}

    private static Type<Method> methods() {
        var words = new LinkedHashMap<String, Method>();
        for (Method method : Method.values()) {
            words.put(method.word(), method);
        }
        return Scalars.choice(words);
    }

    private static Type<String> matching(String expected, Pattern pattern) {
        Predicate<String> fits = pattern.asMatchPredicate();
        return Scalars.TEXT.as(
                expected,
                text -> {
                    if (!fits.test(text)) {
                        throw new IllegalArgumentException(Shown.quoted(text) + " does not fit");
                    }
                    return text;
                });
    }

    static Section<Destinations> section() {
        return new Section<>(
                "repositories[].targets",
                "Where actions of post_plan publish to; a plan can't name it. The hosts have to be"
                        + " listed in `network`, too.",
                List.of(RSYNC, DPUT),
                values -> new Destinations(values.find(RSYNC), values.find(DPUT), Map.of()));
    }

    private record NameOrServer() implements Type<DputTarget> {
        private static final Section<DputTarget> SERVER =
                new Section<>(
                        "repositories[].targets.dput",
                        "An upload server. Where a `dput.cf` lies on the secrets drive, that one"
                                + " holds in place of these keys.",
                        List.of(NAME, HOST, METHOD, PORT, INCOMING, LOGIN, UNSIGNED),
                        NameOrServer::make);

        private static DputTarget make(Values values) {
            return new DputTarget(
                    values.get(NAME),
                    Optional.of(
                            new Server(
                                    values.get(METHOD),
                                    values.get(HOST),
                                    values.find(PORT).orElse(0L).intValue(),
                                    values.get(INCOMING),
                                    values.get(LOGIN),
                                    values.get(UNSIGNED))));
        }

        @Override
        public String expected() {
            return "a name, or a mapping with the keys " + String.join(", ", SERVER.names());
        }

        @Override
        public Optional<DputTarget> read(Node node, Place place) {
            return switch (node) {
                case Node.Mapping mapping -> SERVER.read(mapping, place);
                case Node.Scalar scalar ->
                        NAME.type()
                                .read(scalar, place)
                                .map(name -> new DputTarget(name, Optional.empty()));
                case Node.Sequence _ -> {
                    place.at(node.at()).error("found " + node.kind(), expected());
                    yield Optional.empty();
                }
            };
        }

        @Override
        public List<Section<?>> sections() {
            return List.of(SERVER);
        }
    }
}
