package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Rules for every file that git tracks.
class FileTest {
    private static final int MOST_LINES = 400;

    /// Split, so that this file does not name what it looks for. The hosts that serve packages:
    /// which one a machine asks is its own configuration's business, never the project's.
    private static final List<String> REGISTRY_HOSTS =
            List.of(
                    host("repo1", "maven", "org"),
                    host("repo", "maven", "apache", "org"),
                    host("central", "sonatype", "com"),
                    host("oss", "sonatype", "org"),
                    host("registry", "npmjs", "org"),
                    host("registry", "yarnpkg", "com"),
                    host("deb", "debian", "org"),
                    host("ftp", "debian", "org"),
                    host("security", "debian", "org"),
                    host("snapshot", "debian", "org"),
                    host("archive", "ubuntu", "com"),
                    host("pypi", "org"),
                    host("files", "pythonhosted", "org"),
                    host("static", "crates", "io"),
                    host("index", "crates", "io"),
                    host("proxy", "golang", "org"),
                    host("rubygems", "org"),
                    host("api", "nuget", "org"));

    @Test
    void noSourceFileIsLongerThanFourHundredLines() {
        assertThat(House.filesEndingWith(".java", ".c", ".h", ".sh", ".css", ".js", ".jte", ".py"))
                .isNotEmpty()
                .allSatisfy(
                        file ->
                                assertThat(House.read(file).lines().count())
                                        .as("%s: lines", file)
                                        .isLessThanOrEqualTo(MOST_LINES));
    }

    @Test
    void noFileNamesAPackageRegistrysHost() {
        assertThat(House.files())
                .isNotEmpty()
                .allSatisfy(
                        file ->
                                assertThat(
                                                REGISTRY_HOSTS.stream()
                                                        .filter(House.read(file)::contains))
                                        .as("%s names a package registry's host", file)
                                        .isEmpty());
    }

    @Test
    void theTopLevelHoldsWhatTheDesignNames() {
        var known =
                List.of(
                        "pom.xml",
                        "src",
                        "webhook-samples",
                        "deploy",
                        "docs",
                        "bin",
                        "README.md",
                        "CHANGELOG.md",
                        "CONTRIBUTING.md",
                        "LICENSE");
        assertThat(House.files().stream().map(file -> file.getName(0).toString()).distinct())
                .allSatisfy(
                        name ->
                                assertThat(name.startsWith(".") || known.contains(name))
                                        .as(name)
                                        .isTrue());
    }

    @Test
    void everyScriptIsExecutableAndStopsAtTheFirstError() {
        assertThat(scripts())
                .allSatisfy(
                        script -> {
                            String text = House.read(script);
                            boolean sourced = script.endsWith("lib.sh");
                            assertThat(Files.isExecutable(House.ROOT.resolve(script)) || sourced)
                                    .as("%s is executable", script)
                                    .isTrue();
                            assertThat(text.contains("set -eu") || sourced)
                                    .as("%s: set -eu", script)
                                    .isTrue();
                        });
    }

    /// Shell scripts: by their ending or by their first line.
    static List<Path> scripts() {
        return Stream.concat(
                        House.filesEndingWith(".sh").stream(),
                        House.files().stream()
                                .filter(
                                        file ->
                                                !file.toString().contains(".")
                                                        || file.startsWith(".ci"))
                                .filter(
                                        file ->
                                                House.read(file)
                                                        .matches(
                                                                "(?s)#!\\S*(/env )?(ba|da)?sh\\b.*|(?s)#!/bin/(ba|da)?sh\\b.*")))
                .distinct()
                .toList();
    }

    private static String host(String... parts) {
        return String.join(".", parts);
    }
}
