package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.image.FakeImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// `airlock image …` but for what takes Debian's packages.
final class ImageCommandTest extends Executed {
    @TempDir Path directory;
    private Path images = Path.of("");

    @BeforeEach
    void images() throws Exception {
        images = directory.resolve("images");
        Files.writeString(
                directory.resolve("airlock.yaml"),
                """
                base_url: https://ci.example.org
                state: %s
                images:
                  debian-13: {recipe: debian-13}
                  hand: {kept: mine}
                forges: {}
                repositories: []
                """
                        .formatted(directory));
        FakeImages.add(images, "mine-1");
        FakeImages.add(images, "other-1");
    }

    private int run(String... words) {
        var all = new ArrayList<>(List.of("image"));
        all.addAll(List.of(words));
        all.addAll(List.of("--config", directory.resolve("airlock.yaml").toString()));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return execute(all.toArray(String[]::new));
    }

    private void damage(String name) throws IOException {
        var kernel = images.resolve(name).resolve("vmlinuz");
        Files.setPosixFilePermissions(kernel, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(kernel, "another");
    }

    @Test
    void listShowsWhatIsThereAndWhoNeedsIt() throws IOException {
        Files.delete(images.resolve("other-1/vmlinuz"));

        assertThat(run("list")).as(err.toString()).isEqualTo(ExitCode.OK);

        assertThat(out.toString().lines())
                .satisfiesExactly(
                        one -> assertThat(one).matches(" *257\\.\\d KiB  2026-.*  mine-1.*hand"),
                        two -> assertThat(two).contains("other-1", "vmlinuz is missing"));
        assertThat(run("list", "--json")).isEqualTo(ExitCode.OK);
        var json = JsonMapper.shared().readTree(out.toString());
        assertThat(json.get(0).path("configured").get(0).asString()).isEqualTo("hand");
        assertThat(json.get(1).path("problem").asString()).contains("missing");
    }

    @Test
    void showTellsAllThatIsKnown() {
        assertThat(run("show", "mine")).as(err.toString()).isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .contains("from      the recipe mine\n")
                .contains("made      2026-01-02T03:04:05Z\n")
                .contains("  bash 5.2.37-2\n")
                .contains("  run echo 'it is' made\n")
                .contains("shell     /bin/bash\n");
        assertThat(run("show", "mine", "--json")).isEqualTo(ExitCode.OK);
        var json = JsonMapper.shared().readTree(out.toString());
        assertThat(json.path("packages").path("git").asString()).isEqualTo("1:2.47.3-0");
        assertThat(json.path("sha256").path("vmlinuz").asString()).hasSize(64);
    }

    @Test
    void verifyAnswersWithItsCode() throws IOException {
        assertThat(run("verify", "mine-1")).isEqualTo(ExitCode.OK);
        assertThat(out).hasToString("unchanged since it was made\n");

        damage("mine-1");

        assertThat(run("verify", "mine-1")).isEqualTo(ExitCode.NO);
        assertThat(out.toString()).startsWith("vmlinuz: sha256 is ");
    }

    @Test
    void removeTakesOneAndNamesTheOthersWhereThereIsNone() {
        assertThat(run("remove", "other-1")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).startsWith("removed, 257.");
        assertThat(images.resolve("other-1")).doesNotExist();

        assertThat(run("remove", "other-1")).isEqualTo(ExitCode.BROKE);
        assertThat(err.toString()).contains("there is no image 'other-1'", "mine-1");
    }

    @Test
    void removeTakesADamagedOneByItsFullName() throws IOException {
        Files.delete(images.resolve("other-1/facts.json"));

        assertThat(run("remove", "other-1")).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(images.resolve("other-1")).doesNotExist();
    }

    @Test
    void pruneLeavesWhatTheConfigurationNames() {
        assertThat(run("prune", "--unused-days", "-1")).isEqualTo(ExitCode.USAGE);
        assertThat(run("prune")).as(err.toString()).isEqualTo(ExitCode.OK);

        assertThat(out).hasToString("removed other-1\n");
        assertThat(images.resolve("mine-1")).isDirectory();
        assertThat(run("prune")).isEqualTo(ExitCode.OK);
        assertThat(out).hasToString("nothing to remove\n");
    }

    @Test
    void aRecipeThatThereIsNotIsToldWithThoseThatThereAre() {
        assertThat(run("build", "rst")).isEqualTo(ExitCode.BROKE);
        assertThat(err.toString()).contains("'rst'", "debian-packaging");

        assertThat(run("build", "./none.recipe")).isEqualTo(ExitCode.BROKE);
        assertThat(err.toString()).contains("none.recipe");
    }

    @Test
    void withoutACommandItNamesThem() {
        int code = execute("image");

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("`prune`");
    }
}
