package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.HostedChange;
import airlock.house.LoopbackForge;
import airlock.house.Programs;
import airlock.vm.Drive;
import airlock.vm.FakeVmHost;
import airlock.vm.GuestStep;
import airlock.vm.VmSpec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Code from elsewhere asks for secrets and for a way out, in every way that a commit has, of a
/// repository whose own pushes have all of them.
final class AskingForMoreTest {
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

    @TempDir Path directory;
    private final FakeVmHost host = new FakeVmHost();
    private LoopbackForge forge;
    private Bot bot;
    private long number = 100;
    private final List<String> offered = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
        Programs.run("git", "init", "-q", "-b", "main", work().toString());
        bot = Bot.quick(directory, forge, host, ALL);
        forge.hook(7, URI.create(bot.url() + "/hooks/demo/alice/hello"), Bot.SECRET, false);
        assertThat(bot.ask(new Command.NewSecret("alice/hello", "deploy")).getFirst())
                .isInstanceOf(Reply.Key.class);
        keep("file", "note");
        keep("variable", "PASSWORD");
    }

    @AfterEach
    void stop() {
        bot.close();
        forge.close();
    }

    private void keep(String kind, String name) {
        String value = "the-value-of-" + name;
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        String base64 = Base64.getEncoder().encodeToString(bytes);
        assertThat(bot.ask(new Command.SetSecret("alice/hello", kind, name, base64)))
                .singleElement()
                .isInstanceOf(Reply.Done.class);
    }

    private Path work() {
        return directory.resolve("work");
    }

    private String git(String... arguments) {
        var command = new ArrayList<>(List.of("git", "-C", work().toString()));
        command.addAll(List.of("-c", "user.name=A", "-c", "user.email=a@example.org"));
        command.addAll(List.of(arguments));
        return Programs.run(command.toArray(String[]::new)).strip();
    }

    private String commit() {
        git("add", "-A");
        git("commit", "-q", "--allow-empty", "-m", "x");
        return git("rev-parse", "HEAD");
    }

    private void push(String... refs) {
        String authority = "ci:" + LoopbackForge.TOKEN + "@" + forge.url().getAuthority();
        var arguments =
                new ArrayList<>(List.of("push", "-qf", "http://" + authority + "/alice/hello.git"));
        arguments.addAll(List.of(refs));
        git(arguments.toArray(String[]::new));
    }

    /// The machines of a push to main, which has everything; main's plan is there from now on.
    private List<VmSpec> ofListedPush() throws Exception {
        Files.writeString(work().resolve(".airlock.yaml"), PLAN.formatted("main"));
        String commit = commit();
        push("main");
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(
                        () -> assertThat(forge.states(commit, "airlock")).endsWith("success"));
        assertThat(bot.ask(new Command.Sweep("alice/hello")).getLast())
                .isInstanceOf(Reply.Done.class);
        return host.started();
    }

    /// The forge shows a commit on top of main.
    private void offer(HostedChange change) {
        push(change.head() + ":refs/pull/" + change.number() + "/head");
        forge.change(7, change);
        offered.add(change.head());
    }

    /// Nothing of what they asked for has been given to those that were offered, when the forge
    /// has heard the last of each; and never a post_plan.
    private void allHaveNothing() {
        int before = host.started().size();
        assertThat(bot.ask(new Command.Sweep("alice/hello")).getLast())
                .isInstanceOf(Reply.Done.class);
        for (String head : offered) {
            await().atMost(Duration.ofSeconds(90))
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
        git("checkout", "-q", "-f", "-B", "topic", "main");
        for (String file : files) {
            Files.deleteIfExists(work().resolve(file));
            Files.writeString(work().resolve(file), PLAN.formatted("evil"));
        }
        Files.writeString(work().resolve("number"), Long.toString(number));
        return commit();
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
        Files.createDirectories(work().resolve(".radicle"));
        Files.writeString(
                work().resolve(".radicle/ambient.yaml"), "post_plan: [{action: rsync}]\n");
        git("mv", ".airlock.yaml", "away.yaml");
        offer(fromFork(commit(), "topic"));

        // a plan that is a link
        evil("evil.yaml");
        Files.delete(work().resolve(".airlock.yaml"));
        Files.createSymbolicLink(work().resolve(".airlock.yaml"), Path.of("evil.yaml"));
        offer(fromFork(commit(), "topic"));

        // a link out of the tree
        evil("other.yaml");
        Files.delete(work().resolve(".airlock.yaml"));
        Files.createSymbolicLink(work().resolve(".airlock.yaml"), Path.of("/etc/passwd"));
        offer(fromFork(commit(), "topic"));

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
        push(tagged + ":refs/tags/main", tagged + ":refs/heads/refs/heads/main");
        await().atMost(Duration.ofSeconds(90))
                .until(() -> !forge.states(tagged, "airlock").isEmpty());
        await().atMost(Duration.ofSeconds(90))
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
