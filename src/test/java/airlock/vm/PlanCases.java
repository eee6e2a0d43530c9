package airlock.vm;

import airlock.vm.GuestStep.Connect;
import airlock.vm.GuestStep.Execute;
import airlock.vm.GuestStep.Link;
import airlock.vm.GuestStep.MakeDirectory;
import airlock.vm.GuestStep.Pack;
import airlock.vm.GuestStep.Terminal;
import airlock.vm.GuestStep.Unpack;
import airlock.vm.GuestStep.WriteFile;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The steps whose bytes `plan.case` has, by the case's name.
final class PlanCases {
    static final Map<String, List<Step>> STEPS =
            Map.of(
                    "a plan without steps",
                    List.of(),
                    "one step of each kind",
                    List.of(
                            step(
                                    new Execute(
                                            List.of("bash", "-c", "echo \"hi\""),
                                            Map.of("PATH", "/usr/bin:/bin", "HOME", "/root"),
                                            "/ci/src",
                                            "")),
                            step(new MakeDirectory("/ci/artifacts/a/b", 0755, true)),
                            step(new WriteFile("/root/.netrc", 0600, "machine\n", false)),
                            step(new Link("../x", "/ci/src/link")),
                            step(new Unpack("/dev/vdc", "/ci/src", true)),
                            always(new Pack("/ci/artifacts", "/dev/vdd"))),
                    "stdin, an empty argument, an empty value, a step that always runs",
                    List.of(
                            always(
                                    new Execute(
                                            List.of("/bin/cat", ""),
                                            Map.of("EMPTY", ""),
                                            "/",
                                            "one\0two"))),
                    "each condition, and time limits of programs",
                    List.of(
                            step(program("make")).within(Duration.ofSeconds(30)),
                            step(program("cat")).at(Step.When.FAILED).within(Duration.ofMillis(1)),
                            step(new Link("a", "/b")).at(Step.When.SET_UP),
                            step(program("rm")).at(Step.When.FOLLOWS).within(Duration.ofMillis(2)),
                            always(program("rm"))
                                    .within(Duration.ofMillis(StepList.MOST_MILLISECONDS))),
                    "places to connect to, and a proxy for others",
                    List.of(
                            step(
                                    new Connect(
                                            List.of("packages.example:443", "packages.example:80"),
                                            List.of(),
                                            false,
                                            false)),
                            always(new Connect(List.of(), List.of(), true, false))),
                    "tokens, an agent",
                    List.of(
                            step(
                                    new Connect(
                                            List.of("git.example:22"),
                                            List.of("publish", "packages"),
                                            false,
                                            true))),
                    "a terminal after all",
                    List.of(
                            step(new Link("a", "/b")),
                            always(
                                    new Terminal(
                                            Map.of("PATH", "/usr/bin:/bin", "CI", "true"), true))),
                    "a terminal and nothing else",
                    List.of(step(new Terminal(Map.of(), false))),
                    "texts are UTF-8",
                    List.of(step(new Link("ä", "/€"))));

    /// The limit that all of them have.
    static final GuestLimits LIMITS = new GuestLimits(4096, (1L << 32) + 5, 7);

    private PlanCases() {}

    private static GuestStep program(String name) {
        return new Execute(List.of(name), Map.of(), "/", "");
    }

    static Step step(GuestStep what) {
        return new Step("", what, false);
    }

    static Step always(GuestStep what) {
        return new Step("", what, true);
    }
}
