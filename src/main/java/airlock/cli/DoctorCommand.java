package airlock.cli;

import airlock.app.Doctor;
import airlock.app.Finding;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `airlock doctor`.
@Command(
        name = "doctor",
        description =
                "Looks whether this machine can do its work, and says what to do where it can't.",
        mixinStandardHelpOptions = true)
final class DoctorCommand extends Output {
    @Mixin private ConfigOption config;

    @Mixin private JsonOption json;

    private static Map<String, @Nullable Object> members(Finding finding) {
        return JsonOption.members(
                "what", finding.what(),
                "level", finding.good() ? "ok" : "bad",
                "seen", finding.seen(),
                "cure", JsonOption.orNull(finding.cure()));
    }

    @Override
    public Integer call() throws InterruptedException {
        var findings = new Doctor(config.read(err()), InstantSource.system()).look(this::progress);
        if (json.isWanted()) {
            out().println(
                            JsonOption.text(
                                    "findings",
                                    findings.stream().map(DoctorCommand::members).toList()));
            return findings.stream().allMatch(Finding::good) ? ExitCode.OK : ExitCode.NO;
        }
        for (var finding : findings) {
            out().printf(
                            "%-4s %s: %s%n",
                            finding.good() ? "ok" : "BAD", finding.what(), finding.seen());
            if (!finding.cure().isEmpty()) {
                out().printf("     cure: %s%n", finding.cure());
            }
        }
        long bad = findings.stream().filter(finding -> !finding.good()).count();
        out().println(bad == 0 ? "all is well" : bad + " findings to mend");
        return bad == 0 ? ExitCode.OK : ExitCode.NO;
    }
}
