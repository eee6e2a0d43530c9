package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What apt would install out of a directory of packages: it only says so here.
class AptGetScriptTest {
    @TempDir Path directory;

    @BeforeEach
    void makePackages() throws Exception {
        assumeTrue(
                Files.exists(Path.of("/usr/bin/apt-ftparchive"))
                        && Files.exists(Path.of("/usr/bin/gpg-agent")),
                "no apt-ftparchive or gpg: apt-get install apt-utils gpg gpg-agent");
        AptRepository.make(directory.resolve("served"), directory.resolve("keys")).end();
        Files.writeString(
                directory.resolve("apt.conf"),
                "APT::Get::Simulate \"true\";\nDir::Bin::dpkg \"/bin/false\";\n");
    }

    private ScriptRun install(Path folder, String... packages) throws Exception {
        var arguments = new ArrayList<>(List.of(folder.toString()));
        arguments.addAll(List.of(packages));
        return ScriptRun.in(
                directory,
                "apt_get",
                arguments,
                Map.of("APT_CONFIG", directory.resolve("apt.conf").toString()));
    }

    @Test
    void aPackageIsInstalledWithWhatItDependsOnFromTheDirectoryAlone() throws Exception {
        var run = install(directory.resolve("served/pool"), "greeting");

        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output()).contains("\nInst tongue (2.0 ", "\nInst greeting (1:1.0-1 ");
    }

    @Test
    void whatIsNotThereIsTold() throws Exception {
        var other = install(directory.resolve("served/pool"), "greeting", "no-such-thing");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.output())
                .contains("no-such-thing", "not all of greeting no-such-thing could be installed");

        var nothing = install(directory, "greeting");
        assertThat(nothing.code()).isEqualTo(1);
        assertThat(nothing.output()).contains("has pre_plan an action deb_get?");
    }
}
