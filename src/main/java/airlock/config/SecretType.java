package airlock.config;

import airlock.base.FileFaults;
import airlock.event.Secret;
import airlock.yaml.Binder;
import airlock.yaml.Node;
import airlock.yaml.Node.Mapping;
import airlock.yaml.Place;
import airlock.yaml.Setting;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/// A secret by reference. No error message contains its value.
///
/// @param cure how to create the file `PATH`
/// @param lines whether the secret has several lines, such as a key
record SecretType(Surroundings surroundings, String cure, boolean lines) implements Type<Secret> {
    @Setting.Group(title = "secret")
    private record Reference(
            @Setting Optional<Path> file, @Setting Optional<String> env, Values values) {}

    /// Larger than any key.
    private static final long LARGEST = 64 * 1024;

    /// The group may read the file: root can then own a file that the server reads.
    private static final Set<PosixFilePermission> FORBIDDEN =
            Set.of(
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);

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
                            : "a secret must not be written into this file; " + cure,
                    expected());
            return Optional.empty();
        }
        return Binder.standard()
                .with(Path.class, surroundings.path())
                .section(Reference.class)
                .read(node, place)
                .flatMap(reference -> read(reference, here));
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

    private Optional<Secret> fromFile(Path file, Place place) {
        try {
            var attributes = Files.readAttributes(file, PosixFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return refused(place, file + " is not a regular file");
            }
            if (attributes.permissions().stream().anyMatch(FORBIDDEN::contains)) {
                return refused(
                        place,
                        "others than its owner can read or change %1$s; run: chmod 600 %1$s"
                                .formatted(file));
            }
            if (attributes.size() > LARGEST) {
                return refused(
                        place,
                        "%s has %,d bytes; at most %,d allowed"
                                .formatted(file, attributes.size(), LARGEST));
            }
            var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            return checked(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString(), place);
        } catch (NoSuchFileException e) {
            String how = cure.replace("PATH", file.toString());
            return refused(place, "no file %s; %s".formatted(file, how));
        } catch (AccessDeniedException e) {
            String user = System.getProperty("user.name");
            return refused(place, "no permission to read %s as user '%s'".formatted(file, user));
        } catch (CharacterCodingException e) {
            return refused(place, file + " is not UTF-8");
        } catch (IOException e) {
            return refused(place, "can't read %s: %s".formatted(file, FileFaults.words(e)));
        }
    }

    private Optional<Secret> fromEnvironment(String name, Place place) {
        String value = surroundings.environment().getOrDefault(name, "");
        return value.isEmpty()
                ? refused(place, "environment variable '%s' is empty or not set".formatted(name))
                : checked(value, place);
    }

    private Optional<Secret> checked(String content, Place place) {
        String text = lines ? content : content.replaceFirst("\\r?\\n\\z", "");
        if (text.isBlank()) {
            return refused(place, "the secret is empty");
        }
        if (!lines && text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return refused(place, "the secret has control characters or more than one line");
        }
        return Optional.of(new Secret(text));
    }

    private static Optional<Secret> refused(Place place, String reason) {
        place.error(reason);
        return Optional.empty();
    }
}
