package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Simulates what apt would install from a directory of packages.
class AptGetScriptTest {
    @TempDir Path directory;

    @BeforeEach
    void makePackages() throws Exception {
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
        assertThat(install(directory.resolve("served/pool"), "greeting").passed())
                .contains("\nInst tongue (2.0 ", "\nInst greeting (1:1.0-1 ");
    }

    @Test
    void whatIsNotThereIsTold() throws Exception {
        assertThat(install(directory.resolve("served/pool"), "greeting", "no-such-thing").failed())
                .contains("no-such-thing", "not all of greeting no-such-thing could be installed");

        assertThat(install(directory, "greeting").failed())
                .contains("has pre_plan an action deb_get?");
    }
}
