package airlock.cli;

import airlock.doctor.Doctor;
import airlock.machine.Finding;
import airlock.machine.Finding.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "doctor",
        description =
                "Looks whether this machine can do its work, and says what to do if not. Changes"
                        + " nothing.")
final class DoctorCommand extends Output {
    @Mixin private ConfigOption config;

    @Mixin private JsonOption json;

    @Override
    public Integer call() throws InterruptedException {
        var findings = new Doctor(config.read(err()), InstantSource.system()).look(this::progress);
        boolean isBad = findings.stream().anyMatch(finding -> finding.level() == Level.BAD);
        if (json.isWanted()) {
            out().println(
                            JsonOption.text(
                                    "findings",
                                    findings.stream().map(DoctorCommand::members).toList()));
        } else {
            findings.forEach(this::print);
            out().println(summary(findings));
        }
        return isBad ? ExitCode.NO : ExitCode.OK;
    }

    private static Map<String, @Nullable Object> members(Finding finding) {
        return JsonOption.members(
                "what", finding.what(),
                "level", finding.level().word(),
                "seen", finding.seen(),
                "cure", JsonOption.orNull(finding.cure()));
    }

    private void print(Finding finding) {
        String mark =
                switch (finding.level()) {
                    case OK -> "ok";
                    case WARNING -> "warn";
                    case BAD -> "BAD";
                };
        out().printf("%-4s %s: %s%n", mark, finding.what(), finding.seen());
        if (!finding.cure().isEmpty()) {
            out().printf("     cure: %s%n", finding.cure());
        }
    }

    private static String summary(List<Finding> findings) {
        long bad = count(findings, Level.BAD);
        long warnings = count(findings, Level.WARNING);
        if (bad + warnings == 0) {
            return "all is well";
        }
        String mild = LintCommand.counted(warnings, "warning");
        return bad == 0 ? "nothing is broken, " + mild : bad + " to mend, " + mild;
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }
}
