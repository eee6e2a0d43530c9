package airlock.plan;

import airlock.event.GitDepth;
import airlock.text.SafeText;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The keys of Airlock's own plan file that hold for all of its phases.
///
/// @param images those that the plan may choose; empty where any name is taken
record PlanSettingsKeys(Optional<List<String>> images) {
    private static final String WITHOUT = "the operator's";
    private static final int LONGEST_NAME = 63;
    private static final Key<Map<String, String>> ENV =
            Key.or(
                    "env",
                    Compounds.mapping(
                            Texts.argument(),
                            Texts::isVariable,
                            "a variable's name (not empty, without =)"),
                    Map.of(),
                    "{}",
                    "");
    private static final Key<Duration> TIMEOUT =
            Key.free(
                    "timeout",
                    Scalars.duration(Duration.ofSeconds(1), Duration.ofDays(7)),
                    WITHOUT,
                    "");
    private static final Key<Long> CPUS = Key.free("cpus", Scalars.integer(1, 64), WITHOUT, "");
    private static final Key<Long> MEMORY =
            Key.free("memory", Scalars.size(256L << 20, 1L << 42), WITHOUT, "");
    private static final Key<String> IMAGE =
            Key.free(
                    "image",
                    Scalars.TEXT.as("the name of an image", PlanSettingsKeys::name),
                    "the repository's",
                    "");

    private static final Key<GitDepth> GIT =
            Key.or(
                    "git",
                    Scalars.choice(List.of(GitDepth.values()), GitDepth::word),
                    PlanFile.AIRLOCK.git(),
                    "none",
                    "");
    private static final Key<PlanWhen> WHEN =
            Key.or("when", PlanWhen.SECTION, PlanWhen.ALWAYS, "{}", "");
    private static final Key<List<MatrixCell>> MATRIX =
            Key.or("matrix", new MatrixType(), List.of(), "{}", "");

    /// In the order of the documentation.
    static final List<Key<?>> ALL =
            Stream.concat(
                            Stream.of(ENV, TIMEOUT, CPUS, MEMORY, IMAGE, GIT, WHEN, MATRIX),
                            KeepingSection.KEYS.stream())
                    .toList();

    private static String name(String text) {
        if (text.isEmpty() || text.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("%,d characters".formatted(text.length()));
        }
        return text;
    }

    PlanSettings make(Values values) {
        var settings =
                new PlanSettings(
                        values.get(ENV),
                        values.find(TIMEOUT),
                        new WantedMachine(
                                values.find(CPUS), values.find(MEMORY), values.find(IMAGE)),
                        values.get(GIT),
                        values.get(WHEN),
                        KeepingSection.make(values),
                        values.get(MATRIX));
        int size = environmentBytes(settings);
        if (size > PlanSection.LARGEST_ENVIRONMENT) {
            values.place(values.isWritten(ENV) ? ENV : MATRIX)
                    .error(
                            "%,d bytes".formatted(size),
                            "at most %,d".formatted(PlanSection.LARGEST_ENVIRONMENT));
        }
        values.find(IMAGE).ifPresent(image -> check(image, values.place(IMAGE)));
        settings.cells().stream()
                .flatMap(cell -> cell.image().stream())
                .distinct()
                .forEach(image -> check(image, values.place(MATRIX)));
        return settings;
    }

    /// All variables of the cell that has most of them.
    static int environmentBytes(PlanSettings settings) {
        return settings.cells().stream()
                .mapToInt(cell -> Texts.environmentBytes(settings.of(cell).env()))
                .max()
                .orElse(Texts.environmentBytes(settings.env()));
    }

    private void check(String image, Place place) {
        if (image.isEmpty() || image.length() > LONGEST_NAME) {
            place.error("%,d characters".formatted(image.length()), "the name of an image");
        } else if (images.isPresent() && !images.get().contains(image)) {
            place.unknown(
                    "this repository has no image " + SafeText.quoted(image),
                    image,
                    images.get(),
                    List.of());
        }
    }
}
