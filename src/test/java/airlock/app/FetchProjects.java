package airlock.app;

import airlock.plan.TinyMaven;
import airlock.plan.TinyRegistries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// A checkout that is a small project of every ecosystem at once, each with one dependency that
/// it is built and tested with; and files that leave a mark, or are in the way, if anybody reads
/// or runs them who should not.
final class FetchProjects {
    /// Those that only fetch actions must not see: they would be in the way of building, too.
    static final List<String> TRAPS =
            List.of(".npmrc", ".mvn/maven.config", "go.work", "sitecustomize.py");

    private static final Path FILES = Path.of("src/test/resources/clients/project");

    private FetchProjects() {}

    static void fill(Path work, TinyMaven maven) throws IOException {
        try (var files = Files.walk(FILES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path there = work.resolve(FILES.relativize(file).toString());
                Files.createDirectories(there.getParent());
                Files.copy(
                        file,
                        there,
                        StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path pom = work.resolve("pom.xml");
        String text = Files.readString(pom);
        for (String name :
                List.of(
                        "maven-resources-plugin",
                        "maven-compiler-plugin",
                        "maven-surefire-plugin",
                        "maven-dependency-plugin",
                        "junit.version")) {
            text = text.replace("@" + name + "@", TinyMaven.pinned(name));
        }
        Files.writeString(pom, text);
        Files.writeString(work.resolve("package.json"), TinyRegistries.packageJson());
        Files.writeString(work.resolve("package-lock.json"), TinyRegistries.packageLock());
        Files.writeString(work.resolve("requirements.txt"), TinyRegistries.requirements());
        Files.writeString(work.resolve("go.mod"), TinyRegistries.goMod());
        Files.writeString(work.resolve("go.sum"), TinyRegistries.goSum());
        Path gradle = Files.createDirectories(work.resolve("gradle"));
        Files.writeString(
                gradle.resolve("verification-metadata.xml"), maven.verificationMetadata());
    }
}
