package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Maven fetches from a repository of its kind: what the build of Airlock has left in Maven's
/// local one, served on loopback.
class MavenFetchScriptTest {
    private static final Path LOCAL = Path.of(System.getProperty("user.home"), ".m2/repository");
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0";
    private static final String JAR = "/org/jspecify/jspecify/1.0.0/jspecify-1.0.0.jar";

    @TempDir Path directory;
    private Path source = Path.of("none");
    @AutoClose private FileServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FileServer(LOCAL);
        assumeTrue(Files.exists(Path.of("/usr/bin/mvn")), "no mvn: apt-get install maven");
        assumeTrue(
                Files.exists(
                                LOCAL.resolve(
                                        "org/apache/maven/plugins/maven-dependency-plugin/3.11.0"))
                        && Files.exists(LOCAL.resolve(JAR.substring(1))),
                "Maven's local repository lacks " + PLUGIN);
        source = Files.createDirectory(directory.resolve("src"));
        Files.writeString(
                source.resolve("pom.xml"),
                """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>example</groupId>
                  <artifactId>user</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <modules><module>below</module></modules>
                </project>
                """);
        writeModule();
    }

    private void writeModule() throws Exception {
        Files.createDirectory(source.resolve("below"));
        Files.writeString(
                source.resolve("below/pom.xml"),
                """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <parent><groupId>example</groupId><artifactId>user</artifactId><version>1</version></parent>
                  <artifactId>below</artifactId>
                  <packaging>pom</packaging>
                  <dependencies>
                    <dependency>
                      <groupId>org.jspecify</groupId><artifactId>jspecify</artifactId><version>1.0.0</version>
                    </dependency>
                  </dependencies>
                </project>
                """);
    }

    private Path folder() {
        return directory.resolve("maven");
    }

    private ScriptRun fetch() throws Exception {
        return ScriptRun.of(
                "maven_fetch",
                List.of(
                        folder().toString(),
                        source.toString(),
                        "http://127.0.0.1:" + server.port(),
                        "",
                        PLUGIN + ":resolve"));
    }

    private long count(String path) {
        return server.requests().stream().filter(path::equals).count();
    }

    @Test
    void whatIsFetchedOnceIsThereWithoutANetwork() throws Exception {
        server.failOnce(JAR);
        assertThat(fetch().passed()).contains("maven_fetch: try 1 of 3 failed");
        assertThat(count(JAR)).isEqualTo(2);
        int before = server.requests().size();

        var environment = new TreeMap<>(PlanFixture.action("maven_fetch").declared());
        environment.put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -Dmaven.repo.local=" + folder());
        assertThat(
                        ScriptRun.program(
                                        source,
                                        List.of("mvn", "-B", PLUGIN + ":resolve"),
                                        environment)
                                .passed())
                .contains("org.jspecify:jspecify:jar:1.0.0:compile");
        assertThat(server.requests()).hasSize(before);
    }

    @Test
    void anArtifactThatHasNotItsChecksumIsRefusedByItsName() throws Exception {
        server.tamper(JAR);

        assertThat(fetch().failed())
                .contains("jspecify", "Checksum validation failed", "maven_fetch: Maven could not")
                .doesNotContain("try 1 of");
    }

    @Test
    void neitherSettingsNorExtensionsNorOptionsOfTheRepositoryAreTaken() throws Exception {
        Path mark = directory.resolve("mark");
        Files.createDirectories(source.resolve(".mvn"));
        Files.writeString(source.resolve(".mvn/jvm.config"), "-XX:OnError=x -no-such-option\n");
        Files.writeString(source.resolve(".mvn/maven.config"), "--no-such-option\n");
        Files.writeString(
                source.resolve(".mvn/extensions.xml"), "<extensions><extension/></extensions>");
        Files.writeString(source.resolve(".mavenrc"), "touch " + mark + "\n");
        Files.writeString(source.resolve("mvn"), "#!/bin/sh\ntouch " + mark + "\n");

        fetch().passed();
        assertThat(mark).doesNotExist();
    }
}
