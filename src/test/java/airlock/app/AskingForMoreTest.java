package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.house.HostedChange;
import airlock.vm.Drive;
import airlock.vm.GuestStep;
import airlock.vm.VmSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Code from elsewhere asks for secrets and for a way out, in every way that a commit has, of a
/// repository whose own pushes have all of them.
final class AskingForMoreTest extends OnBot {
    private static final long FORK = 8;
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
    private static final String ALL =
            """
            id: 7
                secrets:
                  drive: [pre_plan, post_plan]
                  agent: [{users: [ci], hosts: [upload.example], phases: [pre_plan, post_plan]}]
                  files: [{name: note, phases: [pre_plan, post_plan]}]
                  variables: [{name: PASSWORD, phases: [pre_plan, post_plan]}]
                network:
                  known_hosts: ["upload.example %s"]
                  pre_plan: {allow: [files.example:443]}
                  post_plan: {allow: [upload.example:22]}
            """
                    .formatted(KEY);
    private static final String PLAN =
            """
            network: {pre_plan: [files.example:443, evil.example:443]}
            pre_plan: [{action: shell, shell: "echo %1$s-pre", secrets: [PASSWORD]}]
            plan: [{action: shell, shell: echo %1$s-plan}]
            post_plan: [{action: shell, shell: "echo %1$s-post", secrets: [PASSWORD]}]
            """;

    private long number = 100;
    private final List<String> offered = new ArrayList<>();

    @Override
    String configured() {
        return ALL;
    }

    @BeforeEach
    void makeSecrets() {
        assertThat(bot.newKey("deploy")).isNotEmpty();
        bot.keep("file", "note", "the-value-of-note");
        bot.keep("variable", "PASSWORD", "the-value-of-PASSWORD");
    }

    /// The machines of a push to main, which has everything; main's plan is there from now on.
    private List<VmSpec> ofListedPush() throws Exception {
        awaitState(push(bot, PLAN.formatted("main")), "airlock", "success");
        sweep();
        return host.started();
    }

    /// The forge shows a commit on top of main.
    private void offer(HostedChange change) {
        checkout().push(change.head() + ":refs/pull/" + change.number() + "/head");
        forge.change(7, change);
        offered.add(change.head());
    }

    /// Nothing of what they asked for has been given to those that were offered, when the forge
    /// has heard the last of each; and never a post_plan.
    private void allHaveNothing() {
        int before = host.started().size();
        sweep();
        for (String head : offered) {
            await().atMost(LONG)
                    .until(
                            () ->
                                    forge.states(head, "airlock/pr/main").stream()
                                            .anyMatch(state -> !state.equals("pending")));
        }
        assertThat(host.started().subList(before, host.started().size()))
                .hasSizeLessThanOrEqualTo(2 * offered.size())
                .noneMatch(AskingForMoreTest::hasSecret)
                .noneMatch(AskingForMoreTest::hasWayOut)
                .noneMatch(machine -> says(machine, "-post"))
                .noneMatch(machine -> says(machine, "evil-pre"));
    }

    private HostedChange fromFork(String head, String branch) {
        return HostedChange.inside(number++, "main", head, branch).from(FORK, branch);
    }

    private static boolean hasSecret(VmSpec machine) {
        return machine.contents().containsKey(Drive.SECRETS)
                || machine.steps().stream()
                        .anyMatch(
                                step ->
                                        step.what() instanceof GuestStep.Connect to
                                                && (to.agent() || !to.tokens().isEmpty()));
    }

    private static boolean hasWayOut(VmSpec machine) {
        return machine.uplink().isPresent()
                || machine.steps().stream()
                        .anyMatch(step -> step.what() instanceof GuestStep.Connect);
    }

    private static boolean says(VmSpec machine, String text) {
        return machine.steps().toString().contains(text);
    }

    private String evil(String... files) throws Exception {
        checkout().git("checkout", "-q", "-f", "-B", "topic", "main");
        for (String file : files) {
            Files.deleteIfExists(checkout().work().resolve(file));
            Files.writeString(checkout().work().resolve(file), PLAN.formatted("evil"));
        }
        Files.writeString(checkout().work().resolve("number"), Long.toString(number));
        return checkout().commit();
    }

    @Test
    void aListedPushHasAllOfIt() throws Exception {
        var machines = ofListedPush();

        assertThat(machines).hasSize(3);
        assertThat(List.of(machines.getFirst(), machines.getLast()))
                .allMatch(AskingForMoreTest::hasSecret)
                .allMatch(AskingForMoreTest::hasWayOut);
        assertThat(machines.get(1)).matches(machine -> !hasSecret(machine) && !hasWayOut(machine));
    }

    @Test
    void noCommitFromAForkGetsAnyOfItWhateverItChanges() throws Exception {
        assertThat(ofListedPush()).hasSize(3);

        // the plan changed
        offer(fromFork(evil(".airlock.yaml"), "topic"));

        // plans in odd case
        offer(fromFork(evil(".Airlock.yaml", ".AIRLOCK.YAML", ".airlock.yml"), "topic"));

        // Ambient's file in its place
        evil("ambient.yaml");
        Files.createDirectories(checkout().work().resolve(".radicle"));
        Files.writeString(
                checkout().work().resolve(".radicle/ambient.yaml"),
                "post_plan: [{action: rsync}]\n");
        checkout().git("mv", ".airlock.yaml", "away.yaml");
        offer(fromFork(checkout().commit(), "topic"));

        // a plan that is a link
        evil("evil.yaml");
        Files.delete(checkout().work().resolve(".airlock.yaml"));
        Files.createSymbolicLink(checkout().work().resolve(".airlock.yaml"), Path.of("evil.yaml"));
        offer(fromFork(checkout().commit(), "topic"));

        // a link out of the tree
        evil("other.yaml");
        Files.delete(checkout().work().resolve(".airlock.yaml"));
        Files.createSymbolicLink(
                checkout().work().resolve(".airlock.yaml"), Path.of("/etc/passwd"));
        offer(fromFork(checkout().commit(), "topic"));

        allHaveNothing();
    }

    @Test
    void noNameOfABranchOrTagMakesOneListed() throws Exception {
        assertThat(ofListedPush()).hasSize(3);

        for (String branch :
                List.of("main", "refs/heads/main", "heads/main", "refs/tags/main", "MAIN")) {
            offer(fromFork(evil(".airlock.yaml"), branch));
        }
        // AGit
        offer(HostedChange.inside(number++, "main", evil(".airlock.yaml"), "refs/pull/1/head"));
        allHaveNothing();

        int before = host.started().size();
        String tagged = evil(".airlock.yaml");
        checkout().push(tagged + ":refs/tags/main", tagged + ":refs/heads/refs/heads/main");
        await().atMost(LONG)
                .until(
                        () ->
                                forge.states(tagged, "airlock").stream()
                                        .anyMatch(state -> !state.equals("pending")));
        assertThat(host.started().subList(before, host.started().size()))
                .as("a tag and a branch that are called like the listed one")
                .noneMatch(AskingForMoreTest::hasSecret)
                .noneMatch(machine -> says(machine, "-post"));
    }
}
