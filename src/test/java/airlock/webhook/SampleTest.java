package airlock.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import airlock.event.ForgeKind;
import airlock.event.Secret;
import airlock.forge.Forge;
import airlock.forge.Readings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {
    private static final Path SAMPLES = Path.of("webhook-samples");
    private static final String NEW = "f".repeat(40);

    @TempDir Path folder;

    @Test
    void aPushIsTurnedIntoOneOfAnotherCommit() {
        Sample sample =
                Sample.load(SAMPLES.resolve("gitea/push.json"))
                        .with("after", NEW)
                        .with("before", "0".repeat(40))
                        .with("ref", "refs/heads/side")
                        .with("repository.id", "99")
                        .with("head_commit.message", "Other words [no ci]");

        assertThat(reading(sample, "push"))
                .isEqualTo(
                        "repository 99 pushed refs/heads/side none..fffffff skipped"
                                + " 'Other words [no ci]' by Alice");
    }

    @Test
    void aChangeRequestOfAForkKeepsTheForksId() {
        Sample sample =
                Sample.load(SAMPLES.resolve("github/change-from-fork.json"))
                        .with("repository.id", "99")
                        .with("number", "77")
                        .with("after", NEW)
                        .with("pull_request.draft", "true");

        assertThat(reading(sample, "pull_request"))
                .isEqualTo(
                        "repository 99 offered #77 into main none..fffffff branch '' draft"
                                + " 'From a fork' by bob");
    }

    @Test
    void whatIsNotChangedStaysByteForByte() throws IOException {
        Path file = SAMPLES.resolve("gitea/push.json");

        assertThat(Sample.load(file).body()).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void eachForgeSignsUnderItsOwnHeader() {
        var secret = new Secret("s");

        for (ForgeKind kind : ForgeKind.values()) {
            Sample sample = Sample.load(SAMPLES.resolve(kind.key() + "/push.json"));
            assertThat(sample.kind()).isEqualTo(kind);
            assertThat(sample.sign(secret, "my-id").headers())
                    .containsEntry(
                            switch (kind) {
                                case GITEA -> "X-Gitea-Signature";
                                case FORGEJO -> "X-Forgejo-Signature";
                                case GITHUB -> "X-Hub-Signature-256";
                            },
                            (kind == ForgeKind.GITHUB ? "sha256=" : "")
                                    + Signatures.sign(secret, sample.body()))
                    .containsEntry("X-GitHub-Delivery", "my-id");
        }
    }

    @Test
    void aFieldThatIsNotThereIsSaid() {
        Sample sample = Sample.load(SAMPLES.resolve("gitea/push.json"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> sample.with("afterr", NEW))
                .withMessageContaining("no field 'afterr'")
                .withMessageContaining("before");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sample.with("repository.id", "seven"))
                .withMessageContaining("'seven'");
        assertThatIllegalArgumentException().isThrownBy(() -> sample.with("repository.owner", "x"));
    }

    @Test
    void whatIsNoSampleIsSaid() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.load(folder.resolve("x.headers")))
                .withMessageContaining("NAME.json");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.load(folder.resolve("x.json")))
                .withMessageContaining("x.headers");
        Files.writeString(folder.resolve("x.json"), "{");
        Files.writeString(folder.resolve("x.headers"), "no colon\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.load(folder.resolve("x.json")))
                .withMessageContaining("'no colon'");
        Files.writeString(folder.resolve("x.headers"), "Content-Type: application/json\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.load(folder.resolve("x.json")))
                .withMessageContaining("X-Gitea-Event");
        Files.writeString(folder.resolve("x.headers"), "X-Gitea-Event: push\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.load(folder.resolve("x.json")).with("a", "b"))
                .withMessageContaining("not JSON");
    }

    private static String reading(Sample sample, String event) {
        return Readings.line(Forge.of(sample.kind()).read("x", event, sample.body()));
    }
}
