package airlock.config;

import airlock.event.Secret;
import airlock.yaml.Binder;
import airlock.yaml.Node;
import airlock.yaml.Node.Mapping;
import airlock.yaml.Place;
import airlock.yaml.Section;
import airlock.yaml.Setting;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.util.Optional;

/// A secret by reference. Whatever is wrong, no message shows a value.
///
/// @param cure how to make the file, `PATH` standing for it
/// @param lines whether the secret has several lines, such as a key
record SecretType(Surroundings surroundings, String cure, boolean lines) implements Type<Secret> {
    @Setting.Group(title = "secret")
    private record Reference(
            @Setting Optional<String> file, @Setting Optional<String> env, Values values) {}

    private static final Section<Reference> REFERENCE = Binder.standard().section(Reference.class);

    @Override
    public String expected() {
        return "`{file: PATH}` or `{env: NAME}`";
    }

    @Override
    public Optional<Secret> read(Node node, Place place) {
        Place here = place.at(node.at());
        if (!(node instanceof Mapping)) {
            here.error(
                    node.isNothing()
                            ? "found nothing"
                            : "a secret never stands in this file; " + made("PATH"),
                    expected());
            return Optional.empty();
        }
        return REFERENCE.read(node, place).flatMap(reference -> read(reference, here));
    }

    private Optional<Secret> read(Reference reference, Place here) {
        var file = reference.file;
        var name = reference.env;
        if (file.isPresent() == name.isPresent()) {
            here.error(file.isPresent() ? "both file and env" : "neither file nor env", expected());
            return Optional.empty();
        }
        return file.isPresent()
                ? fromFile(file.get(), reference.values.place("file"))
                : fromEnvironment(name.orElseThrow(), reference.values.place("env"));
    }

    private Optional<Secret> fromFile(String path, Place place) {
        return switch (SecretFile.read(surroundings.resolve(path))) {
            case SecretFile.Content content -> checked(content.text(), place);
            case SecretFile.Missing missing -> {
                place.error("no file %s; %s".formatted(missing.file(), made(missing.file())));
                yield Optional.empty();
            }
            case SecretFile.Refused refused -> {
                place.error(refused.reason());
                yield Optional.empty();
            }
        };
    }

    private Optional<Secret> fromEnvironment(String name, Place place) {
        String value = surroundings.environment().getOrDefault(name, "");
        if (value.isEmpty()) {
            place.error("the environment has no variable '%s', or an empty one".formatted(name));
            return Optional.empty();
        }
        return checked(value, place);
    }

    private Optional<Secret> checked(String content, Place place) {
        String text = lines ? content : content.replaceFirst("\\r?\\n\\z", "");
        if (text.isBlank()) {
            place.error("the secret is empty");
            return Optional.empty();
        }
        if (!lines && text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            place.error("the secret has control characters or more than one line");
            return Optional.empty();
        }
        return Optional.of(new Secret(text));
    }

    private String made(Object path) {
        return cure.replace("PATH", path.toString());
    }
}
