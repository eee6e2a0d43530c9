package airlock.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The repository's files and the classes compiled from `src/main`.
final class House {
    static final Path ROOT = Path.of("").toAbsolutePath();

    private static final JavaClasses MAIN = new ClassFileImporter().importPath(compiled());

    private House() {}

    /// Where this build has put the classes, which are others with `deploy/quick.sh`.
    private static Path compiled() {
        try {
            var source = Class.forName("airlock.Main").getProtectionDomain().getCodeSource();
            return Path.of(source.getLocation().toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException("the classes of src/main are not there", e);
        }
    }

    static JavaClasses mainClasses() {
        return MAIN;
    }

    /// `vm` for `airlock.vm.QemuMonitor`, `web` for `airlock.web.page.JteRun`, empty for
    /// `airlock.Main` and for what is not ours.
    static String packageOf(JavaClass type) {
        return packageOf(type.getBaseComponentType().getPackageName());
    }

    /// A package below `airlock`, as `plan` or `plan.action`, of a package's or a type's name.
    static String packageOf(String fullName) {
        var lower = Pattern.compile("^airlock((?:\\.[a-z]+)*)(?![a-z])").matcher(fullName);
        String name = lower.find() && !lower.group(1).isEmpty() ? lower.group(1).substring(1) : "";
        // jte generates the pages into a package of their own below web
        return name.equals("web.page") ? "web" : name;
    }

    /// Files that git tracks or would add, relative to the root; without git, all but build
    /// results.
    static List<Path> files() {
        if (Files.exists(ROOT.resolve(".git"))) {
            String listed =
                    Programs.run(
                            "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard");
            return Stream.of(listed.split("\0"))
                    .map(Path::of)
                    .filter(file -> Files.isRegularFile(ROOT.resolve(file)))
                    .distinct()
                    .toList();
        }
        try (var found = Files.walk(ROOT)) {
            return found.filter(Files::isRegularFile)
                    .map(ROOT::relativize)
                    .filter(file -> !file.startsWith("target") && !file.startsWith(".airlock"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> filesEndingWith(String... endings) {
        return files().stream()
                .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                .toList();
    }

    /// The text of a file relative to the root, with `\uFFFD` for invalid UTF-8.
    static String read(Path file) {
        try {
            return new String(Files.readAllBytes(ROOT.resolve(file)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(String file) {
        return read(Path.of(file));
    }
}
