package airlock.plan;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.Step;
import airlock.yaml.Scalars;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// `http_get`: fetches files to `/ci/deps/http`.
@Setting.Group(title = "http_get", about = "Fetches files by HTTP.")
record HttpGetAction(@Setting(value = "The files.", range = "1 to 200") List<Item> items)
        implements Action, Setting.Checked {
    static final String FOLDER = "/ci/deps/http";
    private static final int LONGEST_URL = 8_000;
    private static final int LONGEST_TITLE = 80;

    static final ActionKind KIND =
            new ActionKind(
                    "http_get",
                    Set.of(Phase.PRE_PLAN),
                    false,
                    Texts.BINDER
                            .with(
                                    "http url",
                                    Texts.url(
                                            "an http or https URL without a password",
                                            "(?i)https?",
                                            LONGEST_URL))
                            .with(
                                    "sha256",
                                    Scalars.WORD.as("64 hexadecimal digits", HttpGetAction::sha256))
                            .section(HttpGetAction.class));

    /// @param sha256 in lower case
    @Setting.Group(title = "items[]", about = "A file.")
    record Item(
            @Setting(
                            value = "Its URL.",
                            type = "http url",
                            example = "https://files.example/data.tar.xz")
                    String url,
            @Setting(value = "Its name in `/ci/deps/http`.", type = "file", example = "data.tar.xz")
                    String filename,
            @Setting(
                            value = "Its SHA-256, in hexadecimal.",
                            without = "any content is taken",
                            type = "sha256")
                    Optional<String> sha256,
            @Setting(
                            value = "Its largest size.",
                            without = "the size of the drive",
                            range = "1 to 16 TiB")
                    Optional<Long> maxSize) {
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

    @Override
    public void check(Values values) {
        var seen = new HashSet<String>();
        items.stream()
                .map(Item::filename)
                .filter(name -> !seen.add(name))
                .findFirst()
                .ifPresent(
                        name ->
                                values.place("items")
                                        .error("two files are called " + SafeText.quoted(name)));
    }

    private static String sha256(String text) {
        if (!text.matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException(SafeText.quoted(text) + " is not a SHA-256");
        }
        return text.toLowerCase(Locale.ROOT);
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
