package airlock.config;

import airlock.yaml.JsonSchema;
import airlock.yaml.Key;
import airlock.yaml.Key.Presence;
import airlock.yaml.Section;
import java.util.Locale;
import java.util.stream.Collectors;

/// Writes docs/configuration.md from the keys that the reader reads with.
public final class ConfigurationPage {
    private static final String HEAD =
            """
            # Configuration

            <!-- Written from the code: `mvn test -Dtest=ConfigurationPageTest -Dgolden=update`. -->

            Airlock reads one YAML file. `airlock init` writes one to start from (see the end of this
            page). `airlock check` reads a file and reports all mistakes with file, line, column, key,
            what is expected, and the nearest known key.

            - **YAML**: version 1.2, UTF-8, one document. Unknown and duplicate keys are errors.
              `yes`, `no`, `on` and `off` are texts; only `true` and `false` are flags.
            - **Secrets** are references: `{file: PATH}` or `{env: NAME}`. Only its owner and its
              group may read a secret file (`chmod 600 PATH`). One line break at its end is ignored.
            - **Paths** are absolute or relative to the directory of the configuration file.
            - **Sizes**: `512 MiB`, `1 GiB` (1024s), `10 MB`, `1 GB` (thousands), or plain bytes.
            - **Durations**: `30s`, `10m`, `2h`, `1d`.
            - **Patterns** match whole refs: `*` any characters but `/`, `**` any characters, `?` one
              character but `/`. A pattern without `refs/` is for branches; write tags out, as in
              `refs/tags/v*`.

            The server reads the file when it starts. Restart it to apply changes.
            """;
    private static final String TAIL =
            """

            ## The file to start from

            ```yaml
            """;

    private ConfigurationPage() {}

    /// The page's text.
    public static String text() {
        var page = new StringBuilder(HEAD);
        append(page, ConfigTypes.whole(Surroundings.NOTHING, RepositoryConfig.Common.STANDARD));
        return page.append(TAIL).append(ConfigTemplate.text()).append("```\n").toString();
    }

    private static void append(StringBuilder page, Section<?> section) {
        page.append("\n## ")
                .append(heading(section))
                .append("\n\n")
                .append(section.about())
                .append("\n\n| key | value | without it | meaning |\n| --- | --- | --- | --- |\n");
        for (Key<?> key : section.keys()) {
            page.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(key.name(), value(key), without(key), key.meaning()));
        }
        section.keys()
                .forEach(key -> JsonSchema.sections(key.type()).forEach(s -> append(page, s)));
    }

    private static String heading(Section<?> section) {
        return section.title().contains(" ") ? section.title() : "`" + section.title() + "`";
    }

    private static String value(Key<?> key) {
        var sections = JsonSchema.sections(key.type());
        String what =
                sections.isEmpty()
                        ? key.type().expected().replace("|", "\\|").replace("*", "\\*")
                        : sections.stream()
                                .map(s -> "see [%s](#%s)".formatted(heading(s), anchor(s)))
                                .collect(Collectors.joining(", "));
        return key.example().isEmpty() ? what : what + "; e.g. `" + key.example() + "`";
    }

    private static String without(Key<?> key) {
        return switch (key.presence()) {
            case Presence.Required<?> _ -> "an error";
            case Presence.Free<?> free -> free.without();
            case Presence.Default<?> fallback -> fallback.without();
        };
    }

    /// As GitHub and Forgejo make anchors of headings.
    private static String anchor(Section<?> section) {
        return section.title()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 _-]", "")
                .replace(' ', '-');
    }
}
