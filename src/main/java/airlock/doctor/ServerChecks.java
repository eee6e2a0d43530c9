package airlock.doctor;

import airlock.control.Command;
import airlock.control.ControlClient;
import airlock.control.ControlException;
import airlock.control.Reply;
import airlock.machine.Finding;
import airlock.text.SafeText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// What the doctor asks the running server, if there is one: what hinders sweeps and statuses, what
/// is over its quota, what is weak about secrets, and what was no good with templates and ready
/// clones.
record ServerChecks(Path socket) {
    List<Finding> look() {
        if (!Files.exists(socket)) {
            return List.of();
        }
        var findings = new ArrayList<Finding>();
        try {
            var client = new ControlClient(socket);
            client.send(new Command.SweepStates(), reply -> add(findings, reply));
            int swept = findings.size();
            client.send(new Command.Statuses(), reply -> add(findings, reply));
            if (findings.size() == swept) {
                findings.add(Finding.good("statuses", "no forge refuses them"));
            }
            client.send(new Command.SecretProblems(), reply -> add(findings, reply));
            int before = findings.size();
            client.send(new Command.Usage(), reply -> add(findings, reply));
            if (findings.size() == before) {
                findings.add(Finding.good("retention", "nothing is over its quota"));
            }
            int healthy = findings.size();
            client.send(new Command.MachineProblems(), reply -> add(findings, reply));
            if (findings.size() == healthy) {
                findings.add(
                        Finding.good("templates", "neither a template nor a ready clone was bad"));
            }
        } catch (ControlException e) {
            findings.add(Finding.good("server", "not asked: " + e.getMessage()));
        }
        return findings;
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
                                    "VMs go on without it and begin slower; templates are made anew"
                                            + " when the server starts"));
            case Reply.SecretProblem(var message, var cure) ->
                    findings.add(
                            Finding.bad("secrets", SafeText.line(message), SafeText.line(cure)));
            case Reply.Problem problem ->
                    findings.add(Finding.bad("server", problem.message(), "see its log"));
            case Reply _ -> {}
        }
    }

    private static Finding paused(Reply.StatusPause pause) {
        var since = Instant.ofEpochMilli(pause.sinceMillis()).truncatedTo(ChronoUnit.SECONDS);
        return Finding.bad(
                "statuses of " + SafeText.line(pause.scope()),
                "they wait since %s: %s".formatted(since, SafeText.line(pause.reason())),
                SafeText.line(pause.cure()) + "; `airlock statuses retry` tries at once");
    }

    private static Finding swept(Reply.Swept swept) {
        String what = "sweep of " + swept.repository();
        return swept.problem().isEmpty()
                ? Finding.good(what, "nothing hinders it")
                : Finding.bad(
                        what,
                        SafeText.line(swept.problem()),
                        "see the message; `airlock sweep` tries again at once");
    }

    private static Finding over(Reply.Over over) {
        return Finding.bad(
                "retention of " + over.shelf(),
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
