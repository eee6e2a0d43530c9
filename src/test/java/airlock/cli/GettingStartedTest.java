package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.house.Programs;
import airlock.image.FakeImages;
import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.machine.GuestProgram;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/getting-started.md, run as it is written: its shell commands in their order, its
/// configuration, and then the unit's own command line as the unit's user. `getting-started.sh`
/// gives them a machine that has this one's programs and nothing else of it.
final class GettingStartedTest {
    private static final Path PAGE = Path.of("docs/getting-started.md");
    private static final Path SCRIPT =
            Path.of("src/test/resources/airlock/house/getting-started.sh");
    private static final Pattern BLOCK = Pattern.compile("```(sh|yaml)\n(.*?)```", Pattern.DOTALL);
    private static final String PLAN = "plan:";

    /// Beginnings of commands that are not run, and why.
    private static final Map<String, String> NOT_RUN = notRun();

    @TempDir Path directory;

    private static Map<String, String> notRun() {
        var reasons = new LinkedHashMap<String, String>();
        reasons.put("git clone", "its address is a placeholder; this checkout is there instead");
        reasons.put("/opt/airlock/deploy/build.sh", "the classes of this build are there instead");
        reasons.put("apt-get install", "takes a network; the machine that tests has them");
        reasons.put("systemctl", "no systemd runs there; the unit's command line is run instead");
        reasons.put("airlock run", "takes a checkout and virtual machines: cli.RunCommandVmTest");
        reasons.put("airlock secret", "takes a delivery of a forge: app.SecretCommandsTest");
        return reasons;
    }

    /// The page as a script.
    private static String commands() throws IOException {
        var script = new StringBuilder();
        for (var block = BLOCK.matcher(Files.readString(PAGE)); block.find(); ) {
            String text = block.group(2);
            if (block.group(1).equals("sh")) {
                text.lines().forEach(line -> script.append(command(line)));
            } else if (!text.startsWith(PLAN)) {
                script.append("cat > /etc/airlock/airlock.yaml <<'PAGE'\n%sPAGE\n".formatted(text));
            }
        }
        return script.toString();
    }

    private static String command(String line) {
        Optional<String> reason =
                NOT_RUN.entrySet().stream()
                        .filter(entry -> line.startsWith(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst();
        return reason.map(why -> "echo %s\n".formatted(quoted("# not run: " + line + ": " + why)))
                .orElseGet(() -> "echo %s\n%s\n".formatted(quoted("$ " + line), line));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /// The output of the page's commands.
    ///
    /// @param images those that are built already; empty for none
    private String run(String images) throws IOException {
        assumeTrue(
                Programs.runs("sh", "-c", "test $(id -u) = 0"),
                "takes root, for a machine of its own and a service's user");
        assumeTrue(
                Programs.runs(
                        "unshare", "--mount", "--pid", "--fork", "--mount-proc", "--net", "true"),
                "this container may not make namespaces");
        for (String program : List.of("pivot_root", "adduser", "openssl", "curl", "ip", "bwrap")) {
            assumeTrue(
                    Programs.runs("sh", "-c", "command -v " + program),
                    program + " is not installed");
        }
        Path root = Files.createDirectory(directory.resolve("root"));
        Path commands = Files.writeString(directory.resolve("commands"), commands());
        try {
            return run(root, commands, images);
        } finally {
            Programs.run("rm", "-rf", "--one-file-system", root.toString());
        }
    }

    private String run(Path root, Path commands, String images) throws IOException {
        Path guest = GuestProgram.find();
        return Programs.run(
                "timeout",
                "1200",
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "bash",
                "-c",
                "exec \"$@\" </dev/null",
                "bash",
                SCRIPT.toAbsolutePath().toString(),
                root.toString(),
                commands.toString(),
                images,
                System.getProperty("java.home"),
                guest.resolve("../../classes").normalize().toString(),
                guest.resolveSibling("").toString(),
                jars().toString(),
                Path.of("").toAbsolutePath().toString());
    }

    /// The libraries, in a directory that the service's user can read.
    private Path jars() throws IOException {
        Path jars = Files.createDirectory(directory.resolve("jars"));
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : classPath.split(":", -1)) {
            if (entry.endsWith(".jar")) {
                Path jar = Path.of(entry);
                Path name = jars.resolve(jar.getFileName());
                if (Files.notExists(name)) {
                    linkOrCopy(jar, name);
                }
            }
        }
        return jars;
    }

    private static void linkOrCopy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileSystemException _) {
            Files.copy(from, to); // another file system
        }
    }

    private static List<String> lines(String output, String beginning) {
        var lines = new ArrayList<String>();
        output.lines().filter(line -> line.startsWith(beginning)).forEach(lines::add);
        return lines;
    }

    private static void assertServed(String output) {
        assertThat(lines(output, "$ "))
                .as(output)
                .containsSubsequence(
                        "$ airlock doctor --config /etc/airlock/airlock.yaml",
                        "$ runuser -u airlock -- airlock image build --config"
                                + " /etc/airlock/airlock.yaml",
                        "$ runuser -u airlock -- airlock doctor --config"
                                + " /etc/airlock/airlock.yaml",
                        "$ cp /opt/airlock/deploy/airlock.service /etc/systemd/system/");
        assertThat(lines(output, "# not run")).as("each with a reason").hasSize(7);
        assertThat(output)
                .contains(
                        "airlock.yaml is fine",
                        "belongs to airlock, and this runs as root",
                        "runuser -u airlock -- airlock doctor",
                        "all images are there",
                        "ok   state: /var/lib/airlock",
                        "ok   image debian-13: is there")
                .contains("\nserved\n")
                .doesNotContain("FAULT", "Exception", "AccessDenied");
    }

    @Test
    void theCommandsOfThePageLeadToAServerThatServes() throws Exception {
        Path images = Files.createDirectory(directory.resolve("images"));
        var built =
                new ImageStore(images, InstantSource.system())
                        .directory(Recipe.builtIn("debian-13"), GuestProgram.find());
        FakeImages.add(images, built.getFileName().toString());
        assertServed(run(images.toString()));
    }

    /// With Debian's packages, some minutes.
    @Test
    @Tag("soak")
    void theCommandsOfThePageBuildTheImageToo() throws Exception {
        assertServed(run(""));
    }
}
