package airlock.vm;

import static airlock.vm.PlanCases.step;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.GuestStep.Execute;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The order in which the guest program records a step's output, as a process of this host.
class GuestOutputTest {
    @TempDir Path folder = Path.of("");

    private List<GuestRecord> run(String script) {
        var path = Map.of("PATH", "/usr/bin:/bin");
        var bash = new Execute(List.of("bash", "-c", script), path, "/", "");
        return new HostExecutor(GuestBuild.once().executor(), folder).run(List.of(step(bash)));
    }

    private static List<String> repeated(int times, String... lines) {
        return Collections.nCopies(times, List.of(lines)).stream().flatMap(List::stream).toList();
    }

    /// As many as a pipe holds even if the guest program reads late: 240 of 256 writes.
    @Test
    void theOrderInWhichAProgramWroteIsKeptAndItsTraceIsApart() {
        var records = run("BASH_XTRACEFD=99; set -x\n" + "echo out\necho err >&2\n".repeat(120));
        assertThat(lines(records))
                .containsExactlyElementsOf(
                        repeated(120, "3 + echo out", "1 out", "3 + echo err", "2 err"));
    }

    /// A pipe's packet is a page; a write of more stays in one piece.
    @Test
    void longWritesStayWholeBetweenShortOnes() {
        var records =
                run(
                        "for i in {1..8}; do head -c 100000 /dev/zero | tr '\\0' x | dd bs=100000"
                                + " iflag=fullblock status=none; echo; echo err >&2; done");
        assertThat(lines(records))
                .containsExactlyElementsOf(repeated(8, "1 " + "x".repeat(100_000), "2 err"));
    }

    /// The lines of all outputs, in their order, each behind its stream.
    private static List<String> lines(List<GuestRecord> records) {
        var lines = new ArrayList<String>();
        var text = new StringBuilder();
        int stream = 0;
        for (GuestRecord record : records) {
            if (record instanceof GuestRecord.Output output) {
                if (output.stream() != stream) {
                    text.toString().lines().forEach(lines::add);
                    text.setLength(0);
                }
                stream = output.stream();
                String piece = new String(output.bytes(), StandardCharsets.UTF_8);
                if (text.isEmpty() || text.charAt(text.length() - 1) == '\n') {
                    text.append(stream).append(' ');
                }
                text.append(piece);
            }
        }
        text.toString().lines().forEach(lines::add);
        return lines;
    }
}
