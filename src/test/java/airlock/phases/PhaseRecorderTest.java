package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.app.StoredRuns;
import airlock.event.Phase;
import airlock.plan.PhaseSteps;
import airlock.results.RunLogs.LogFrame;
import airlock.secrets.SecretStore.DriveFile;
import airlock.vm.GuestRecord.Output;
import airlock.vm.GuestStep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PhaseRecorderTest {
    private static final String SECRET = "s3cret-value";

    @TempDir Path directory;

    private static Output output(int stream, String text) {
        return new Output(0, stream, text.getBytes(StandardCharsets.UTF_8), 0);
    }

    private static String of(List<LogFrame> frames, int stream) {
        return frames.stream()
                .filter(frame -> frame.stream() == stream)
                .map(frame -> new String(frame.bytes(), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @CsvSource({
        "bash, cannot start bash: ENOENT, 'it needs /bin/bash, which the image has not;"
                + " `shell` goes without it by `with: sh`'",
        "/bin/bash, cannot start /bin/bash: ENOENT, 'it needs /bin/bash, which the image has not;"
                + " `shell` goes without it by `with: sh`'",
        "tar, cannot start tar: ENOENT, 'it needs tar, which the image has not'",
        "/ci/src/told, cannot start /ci/src/told: ENOENT, 'cannot start /ci/src/told: ENOENT (or"
                + " what its first line names is not in the image)'",
        "bash, cannot enter directory /ci/src: ENOENT, cannot enter directory /ci/src: ENOENT",
        "bash, cannot start bash: Permission denied, cannot start bash: Permission denied",
        "bash, cannot start sh: ENOENT, cannot start sh: ENOENT"
    })
    void whatTheImageLacksIsNamedWithWhatGoesWithoutIt(String program, String detail, String why) {
        String absent = "No such file or directory";
        var step = new GuestStep.Execute(List.of(program, "-c"), Map.of(), "/", "");
        assertThat(PhaseRecorder.why(step, detail.replace("ENOENT", absent)))
                .isEqualTo(why.replace("ENOENT", absent));
        assertThat(PhaseRecorder.why(new GuestStep.Link("a", "b"), detail)).isEqualTo(detail);
    }

    @Test
    void aSecretIsMaskedInEachStreamByItself() {
        var order = TestOrders.order(Phase.PLAN, "plan: []", Map.of());
        var value = new DriveFile("key", SECRET.getBytes(StandardCharsets.UTF_8), true);
        try (var runs = new StoredRuns(directory)) {
            var run = order.key().run();
            try (var log = runs.logs.append(run)) {
                var recorder =
                        new PhaseRecorder(
                                order,
                                new PhaseSteps(List.of(), List.of(), List.of()),
                                runs.parts("no image"),
                                log,
                                () -> {},
                                () -> {});
                recorder.hide(new OpenedSecrets(List.of(value), List.of(), List.of()));
                recorder.accept(output(1, "s3cret-"));
                recorder.accept(output(2, "value\n"));
                recorder.accept(output(1, "value\n"));
                recorder.over();
            }
            var frames = runs.logs.read(run, 0, 1 << 20);
            assertThat(of(frames, 1)).isEqualTo("***\n");
            assertThat(of(frames, 2)).isEqualTo("value\n");
        }
    }
}
