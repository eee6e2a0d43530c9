package airlock.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.app.HangingHost;
import airlock.event.Phase;
import airlock.event.Verdict;
import airlock.vm.Drive;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.vm.TestTar;
import airlock.vm.VmEnd;
import airlock.vm.VmHost;
import airlock.vm.VmSpec.DriveContent;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Test;

/// A plan of a directory, on machines that are doubles.
class LocalRunTest extends LocalFixture {
    private LocalRun.Outcome run(VmHost machines) throws Exception {
        return run(
                _ -> machine(machines), LocalSettings.NONE, LocalPlans.Wish.ALL, Optional.empty());
    }

    private LocalRun.Outcome run(LocalPlans.Wish wish) throws Exception {
        return run(_ -> machine(host), LocalSettings.NONE, wish, Optional.empty());
    }

    private static final String PLAN =
            """
            pre_plan:
              - action: shell
                shell: echo fetched > /ci/deps/got
            plan:
              - action: shell
                shell: |
                  cat /ci/deps/got
                  cat /ci/src/new.txt
                  echo aside >&2
            post_plan:
              - action: shell
                shell: echo published
            """;

    @Test
    void thePlanOfACheckoutRunsAsItLiesThereAndWhatIsNotCommittedIsNamed() throws Exception {
        try (var git = Git.init().setDirectory(checkout.toFile()).call()) {
            write(".airlock.yaml", PLAN);
            write(".gitignore", "*.o\n");
            write("gone.txt", "");
            git.add().addFilepattern(".").call();
            git.commit().setSign(false).setMessage("x").setAuthor("A", "a@example.org").call();
        }
        write("new.txt", "untracked");
        write("a.o", "ignored");
        Files.delete(checkout.resolve("gone.txt"));

        assertThat(run(host)).isEqualTo(new LocalRun.Outcome(Verdict.PASSED, ""));

        assertThat(heard.notes)
                .containsExactly(
                        "not committed: gone.txt, new.txt",
                        "pre_plan has no network and no mirrors; `--config FILE` takes them from an"
                                + " Airlock configuration");
        assertThat(heard.numbered.toString())
                .contains("1 fetched\n", "1 untracked", "2 aside\n", "0 passed\n")
                .contains("0 post_plan is not run: this is no push to a listed ref\n")
                .doesNotContain("published");
    }

    @Test
    void ambientsFileHasItsHistoryAndOursWhereItSaysSo() throws Exception {
        try (var git = Git.init().setDirectory(checkout.toFile()).call()) {
            write(".radicle/ambient.yaml", "plan:\n  - {action: shell, shell: 'true'}\n");
            git.add().addFilepattern(".").call();
            git.commit().setSign(false).setMessage("x").setAuthor("A", "a@example.org").call();
        }
        run(host);
        assertThat(source()).containsKeys(".git/HEAD", ".git/packed-refs");
        assertThat(source()).doesNotContainKey(".git/shallow");

        write(".airlock.yaml", "plan:\n  - {action: shell, shell: 'true'}\n");
        run(host);
        assertThat(source()).containsOnlyKeys(".airlock.yaml", ".radicle/ambient.yaml");

        write(".airlock.yaml", "git: shallow\nplan:\n  - {action: shell, shell: 'true'}\n");
        run(host);
        assertThat(source()).containsKeys(".git/HEAD");
    }

    private Map<String, byte[]> source() throws IOException {
        var contents = host.started().getLast().contents();
        var source = (DriveContent.Copy) Objects.requireNonNull(contents.get(Drive.SOURCE));
        return TestTar.read(Files.readAllBytes(source.file()));
    }

    @Test
    void noPhaseHasASecretAndNoPostPlanRuns() throws Exception {
        write(".airlock.yaml", PLAN);
        write("new.txt", "");

        run(host);

        assertThat(host.started()).hasSize(2);
        for (var spec : host.started()) {
            assertThat(spec.name()).doesNotContain(Phase.POST_PLAN.key().replace('_', '-'));
            assertThat(spec.contents().get(Drive.SECRETS))
                    .satisfiesAnyOf(
                            secrets -> assertThat(secrets).isNull(),
                            secrets ->
                                    assertThat(((DriveContent.Bytes) secrets).bytes())
                                            .containsOnly(0));
        }
    }

    @Test
    void aFailingStepFailsAndAMachineThatIsGoneBroke() throws Exception {
        write(".airlock.yaml", "plan:\n  - action: shell\n    shell: exit 3\n");
        var failed = run(host);
        assertThat(failed.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(failed.reason()).contains("exit 3", "exited with 3");

        host.nextEnds(new VmEnd.HostFailed("QEMU ended with code 1: no"));
        host.nextEnds(new VmEnd.HostFailed("QEMU ended with code 1: no"));
        var broke = run(host);
        assertThat(broke.verdict()).isEqualTo(Verdict.BROKE);
        assertThat(broke.reason()).contains("QEMU ended with code 1: no");
    }

    @Test
    void aPlanThatIsNoneNeedsNoMachine() throws Exception {
        write(".airlock.yaml", "plan:\n  - action: shel\n");
        var outcome =
                run(
                        _ -> {
                            throw new AssertionError("asked for a machine");
                        },
                        LocalSettings.NONE,
                        LocalPlans.Wish.ALL,
                        Optional.empty());

        assertThat(outcome.verdict()).isEqualTo(Verdict.INVALID_PLAN);
        assertThat(outcome.reason()).isEqualTo("1 mistake");
        assertThat(heard.notes)
                .anyMatch(line -> line.startsWith(".airlock.yaml:2:13: "))
                .contains("  2 |   - action: shel", "    |             ^");
    }

    @Test
    void allPlansOfADirectoryRunOneAfterAnotherWhateverIsWrongWithOne() throws Exception {
        String plan = "plan: [{action: shell, shell: 'echo from-%s'}]\n";
        write(".airlock.yaml", plan.formatted("main"));
        write(".airlock/broken.yaml", "plam: []\n");
        write(".airlock/lint.yaml", plan.formatted("lint"));
        write(".airlock/pr.yaml", plan.formatted("none"));

        assertThat(run(LocalPlans.Wish.ALL))
                .isEqualTo(
                        new LocalRun.Outcome(
                                Verdict.INVALID_PLAN,
                                "main passed, broken invalid plan, lint passed,"
                                        + " pr.yaml invalid plan"));

        assertThat(heard.log.toString())
                .containsSubsequence("from-main", "from-lint")
                .doesNotContain("from-none");
        assertThat(heard.notes)
                .contains("plan main", "plan lint")
                .anyMatch(line -> line.startsWith(".airlock/broken.yaml:1:1: plam"))
                .anyMatch(line -> line.contains("no plan can be called pr"));
    }

    private static LocalPlans.Wish wish(String plan, Optional<String> cell) {
        return new LocalPlans.Wish(Optional.of(plan), cell);
    }

    @Test
    void eachCellOfAMatrixIsRunOrOne() throws Exception {
        write(
                ".airlock/test.yaml",
                """
                matrix: {os: [a, b], image: [rust]}
                plan: [{action: shell, shell: 'true'}]
                """);

        assertThat(run(LocalPlans.Wish.ALL))
                .isEqualTo(
                        new LocalRun.Outcome(
                                Verdict.PASSED,
                                "test (os=a,image=rust) passed, test (os=b,image=rust) passed"));
        assertThat(cellsOfMachines()).containsExactly("a", "b");
        assertThat(heard.notes).contains("plan test (os=b,image=rust)");

        var one = wish("test", Optional.of("os=b,image=rust"));
        assertThat(run(one)).isEqualTo(new LocalRun.Outcome(Verdict.PASSED, ""));
        assertThat(cellsOfMachines()).containsExactly("a", "b", "b");
        assertThat(run(wish("test", Optional.of("os=c"))).reason())
                .startsWith("no cell is called os=c; there are os=a,image=rust, os=b,image=rust");
    }

    private List<String> cellsOfMachines() {
        return host.started().stream()
                .map(
                        machine ->
                                machine.steps().stream()
                                        .map(Step::what)
                                        .filter(GuestStep.Execute.class::isInstance)
                                        .map(step -> ((GuestStep.Execute) step).environment())
                                        .map(environment -> environment.get("MATRIX_OS"))
                                        .filter(Objects::nonNull)
                                        .findFirst()
                                        .orElse("none"))
                .toList();
    }

    @Test
    void oneOfSeveralPlansIsChosenByItsName() throws Exception {
        String plan = "plan: [{action: shell, shell: 'echo from-%s'}]\n";
        write(".airlock/test.yaml", plan.formatted("test"));
        write(".airlock/lint.yaml", plan.formatted("lint"));

        assertThat(run(wish("lint", Optional.empty())).verdict()).isEqualTo(Verdict.PASSED);
        assertThat(heard.log.toString()).contains("from-lint").doesNotContain("from-test");
        assertThat(run(wish("link", Optional.empty())).reason())
                .startsWith("no plan is called link; there are lint, test in ");
    }

    @Test
    void manyUncommittedFilesAreCountedAfterTheFirstTwenty() throws Exception {
        Git.init().setDirectory(checkout.toFile()).call().close();
        for (int i = 10; i < 40; i++) {
            write("f" + i, "");
        }

        run(host);

        assertThat(heard.notes).hasSize(1);
        assertThat(heard.notes.getFirst())
                .startsWith("not committed: f10, ")
                .endsWith("f29 and 10 more");
    }

    @Test
    void aDirectoryThatIsNoRepositoryIsTakenButForWhatItsGitignoreNames() throws Exception {
        write(".airlock.yaml", "plan:\n  - action: shell\n    shell: cat /ci/src/a.c\n");
        write(".gitignore", "*.o\n");
        write("a.c", "taken");
        write("a.o", "left");

        assertThat(run(host).verdict()).isEqualTo(Verdict.PASSED);

        assertThat(heard.notes)
                .containsExactly("no git repository: all that .gitignore does not name is taken");
        assertThat(heard.numbered.toString()).contains("1 taken");
        assertThat(source()).containsOnlyKeys(".airlock.yaml", ".gitignore", "a.c");
    }

    @Test
    void anInterruptEndsTheRunAndItsMachine() throws Exception {
        write(".airlock.yaml", "plan:\n  - action: shell\n    shell: echo x\n");
        var hanging = new HangingHost();
        var ended = new CompletableFuture<LocalRun.Outcome>();
        var thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        ended.complete(run(hanging));
                                    } catch (Exception e) {
                                        ended.completeExceptionally(e);
                                    }
                                });
        hanging.awaitStart();

        thread.interrupt();

        assertThatThrownBy(ended::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        thread.join();
        assertThat(names(Thread.getAllStackTraces().keySet())).doesNotContain("local-run");
    }

    @Test
    void theCheckoutAroundADirectoryIsMeantWhereItHasNoPlanOfItsOwn() throws Exception {
        var sub = Files.createDirectories(checkout.resolve("a/b"));
        assertThat(LocalRun.checkout(sub)).isEqualTo(sub);
        // a work tree's is a file
        write(".git", "gitdir: elsewhere\n");
        assertThat(LocalRun.checkout(sub)).isEqualTo(checkout);
        assertThat(LocalRun.checkout(checkout)).isEqualTo(checkout);
        write("a/.radicle/ambient.yaml", "");
        assertThat(LocalRun.checkout(checkout.resolve("a"))).isEqualTo(checkout.resolve("a"));
    }

    private static List<String> names(Iterable<Thread> threads) {
        var names = new ArrayList<String>();
        threads.forEach(thread -> names.addAll(Arrays.asList(thread.getName())));
        return names;
    }
}
