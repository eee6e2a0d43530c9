package airlock.doctor;

import airlock.control.Command;
import airlock.control.ControlClient;
import airlock.control.ControlException;
import airlock.control.Reply;
import airlock.machine.Finding;
import airlock.text.SafeText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Asks the running server, if there is one, for problems with sweeps, statuses, secrets, quotas,
/// templates and ready clones.
record ServerChecks(Path socket) {
    List<Finding> look() {
        var findings = new ArrayList<Finding>();
        if (!Files.exists(socket)) {
            return findings;
        }
        try {
            ask(new Command.SweepStates(), findings);
            if (ask(new Command.Statuses(), findings)) {
                findings.add(Finding.good("statuses", "no forge refuses them"));
            }
            ask(new Command.SecretProblems(), findings);
            if (ask(new Command.Usage(), findings)) {
                findings.add(Finding.good("retention", "nothing is over its quota"));
            }
            if (ask(new Command.MachineProblems(), findings)) {
                findings.add(
                        Finding.good("templates", "neither a template nor a ready clone was bad"));
            }
        } catch (ControlException e) {
            findings.add(Finding.good("server", "not asked: " + e.getMessage()));
        }
        return findings;
    }

    /// Returns true if there is nothing to report.
    private boolean ask(Command command, List<Finding> findings) {
        int before = findings.size();
        new ControlClient(socket).send(command, reply -> add(findings, reply));
        return findings.size() == before;
    }

    private static void add(List<Finding> findings, Reply reply) {
        switch (reply) {
            case Reply.Swept swept -> findings.add(swept(swept));
            case Reply.Over over -> findings.add(over(over));
            case Reply.StatusPause pause -> findings.add(paused(pause));
            case Reply.MachineProblem(var message) ->
                    findings.add(
                            Finding.bad(
                                    "templates",
                                    SafeText.line(message),
                                    "VMs start without it, more slowly; the server makes new templates"
                                            + " when it starts"));
            case Reply.SecretProblem(var message, var cure) ->
                    findings.add(
                            Finding.bad("secrets", SafeText.line(message), SafeText.line(cure)));
            case Reply.Problem problem ->
                    findings.add(Finding.bad("server", problem.message(), "see its log"));
            case Reply _ -> {}
        }
    }

    private static Finding paused(Reply.StatusPause pause) {
        var since = pause.since().truncatedTo(ChronoUnit.SECONDS);
        return Finding.bad(
                "statuses of " + SafeText.line(pause.scope()),
                "paused since %s: %s".formatted(since, SafeText.line(pause.reason())),
                SafeText.line(pause.cure()) + "; `airlock statuses retry` tries now");
    }

    private static Finding swept(Reply.Swept swept) {
        String what = "sweep of " + swept.repository();
        return swept.problem().isEmpty()
                ? Finding.good(what, "nothing hinders it")
                : Finding.bad(
                        what,
                        SafeText.line(swept.problem()),
                        "see the message; `airlock sweep` tries again now");
    }

    private static Finding over(Reply.Over over) {
        return Finding.bad(
                "retention of " + over.kind(),
                "%s: %,d bytes, allowed are %,d"
                        .formatted(
                                over.repository().isEmpty()
                                        ? "all together"
                                        : SafeText.line(over.repository()),
                                over.bytes(),
                                over.allowed()),
                "what waiting or running work needs stays; else raise `retention`, or wait for the"
                        + " next look (`tidy_every`)");
    }
}
