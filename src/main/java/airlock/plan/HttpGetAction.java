package airlock.plan;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.Step;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `http_get`: fetches files to `/ci/deps/http`.
record HttpGetAction(List<Item> items) implements Action {
    static final String FOLDER = "/ci/deps/http";

    private static final int MOST_ITEMS = 200;
    private static final int LONGEST_URL = 8_000;
    private static final int LONGEST_TITLE = 80;
    private static final Key<String> URL =
            Key.required(
                            "url",
                            Texts.url(
                                    "an http or https URL without a password",
                                    "(?i)https?",
                                    LONGEST_URL),
                            "Where it is.")
                    .example("https://files.example/data.tar.xz");
    private static final Key<String> FILENAME =
            Key.required("filename", Texts.filename(), "Its name in `/ci/deps/http`.")
                    .example("data.tar.xz");
    private static final Key<String> SHA256 =
            Key.free("sha256", sha256(), "any content is taken", "Its SHA-256, in hexadecimal.");
    private static final Key<Long> MAX_SIZE =
            Key.free(
                    "max_size",
                    Scalars.size(1, 1L << 44),
                    "what fits the drive of dependencies",
                    "The largest that it may be.");
    private static final Section<Item> ITEM =
            new Section<>(
                    "items[]",
                    "A file.",
                    List.of(URL, FILENAME, SHA256, MAX_SIZE),
                    values ->
                            new Item(
                                    values.get(URL),
                                    values.get(FILENAME),
                                    values.find(SHA256),
                                    values.find(MAX_SIZE)));
    private static final Key<List<Item>> ITEMS =
            Key.required("items", Compounds.list(ITEM, 1, MOST_ITEMS), "The files.");

    static final ActionKind KIND =
            new ActionKind(
                    "http_get",
                    Set.of(Phase.PRE_PLAN),
                    new Section<>(
                            "http_get",
                            "Fetches files by HTTP.",
                            List.of(ITEMS),
                            values -> {
                                List<Item> items = values.get(ITEMS);
                                twice(items)
                                        .ifPresent(
                                                name ->
                                                        values.place(ITEMS)
                                                                .error(
                                                                        "two files are called "
                                                                                + SafeText.quoted(
                                                                                        name)));
                                return new HttpGetAction(items);
                            }));

    /// A file.
    ///
    /// @param url `http` or `https`
    /// @param sha256 in lower case
    /// @param maxSize in bytes
    record Item(String url, String filename, Optional<String> sha256, Optional<Long> maxSize) {
        Script script() {
            return Script.of(
                    SafeText.line("http_get " + filename, LONGEST_TITLE),
                    "http_get",
                    List.of(
                            FOLDER,
                            filename,
                            url,
                            sha256.orElse(""),
                            maxSize.map(Object::toString).orElse("")),
                    "");
        }
    }

    HttpGetAction {
        items = List.copyOf(items);
    }

    @Override
    public List<String> places(Destinations given) {
        return items.stream().map(item -> Texts.place(URI.create(item.url()))).distinct().toList();
    }

    private static Optional<String> twice(List<Item> items) {
        var seen = new HashSet<String>();
        return items.stream().map(Item::filename).filter(name -> !seen.add(name)).findFirst();
    }

    private static Type<String> sha256() {
        return Scalars.WORD.as(
                "64 hexadecimal digits",
                text -> {
                    if (!text.matches("[0-9a-fA-F]{64}")) {
                        throw new IllegalArgumentException(
                                SafeText.quoted(text) + " is no SHA-256");
                    }
                    return text.toLowerCase(java.util.Locale.ROOT);
                });
    }

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.NONE;
    }

    @Override
    public boolean ignoresEnvironment() {
        return true;
    }

    @Override
    public List<Step> lower(StepContext context) {
        return items.stream().map(item -> context.apart(item.script())).toList();
    }
}
