package airlock.cli;

import airlock.app.Doctor;
import java.time.InstantSource;
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

    @Override
    public Integer call() throws InterruptedException {
        var findings = new Doctor(config.read(err()), InstantSource.system()).look(this::progress);
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
