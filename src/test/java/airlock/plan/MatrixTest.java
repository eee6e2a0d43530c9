package airlock.plan;

import static airlock.plan.PlanFixture.plan;
import static airlock.plan.PlanFixture.problems;
import static airlock.yaml.ReadingFixture.only;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.vm.GuestStep;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MatrixTest {
    private static final String SHELL = "plan: [{action: shell, shell: make}]\n";

    private static List<String> cells(String matrix) {
        return plan(PlanFile.AIRLOCK, "matrix: " + matrix + "\n" + SHELL).cells();
    }

    private static List<String> mistakes(String matrix) {
        return problems(PlanFile.AIRLOCK, "matrix: " + matrix + "\n");
    }

    @Test
    void eachCombinationIsACellInTheOrderOfTheFile() {
        assertThat(cells("{python: ['3.11', '3.12'], os: [trixie, bookworm]}"))
                .containsExactly(
                        "python=3.11,os=trixie",
                        "python=3.11,os=bookworm",
                        "python=3.12,os=trixie",
                        "python=3.12,os=bookworm");
        assertThat(plan(PlanFile.AIRLOCK, SHELL).cells()).containsExactly("");
    }

    /// Where other readers make 3.1 of it.
    @Test
    void numbersAreWhatTheFileSays() {
        assertThat(cells("{python: [3.9, 3.10, 1e3, 007, true]}"))
                .containsExactly(
                        "python=3.9", "python=3.10", "python=1e3", "python=007", "python=true");
    }

    @Test
    void someAreLeftOutAndOthersComeOnTop() {
        assertThat(
                        cells(
                                """
                                {a: [1, 2], b: [x, y],
                                  exclude: [{a: 1, b: x}, {b: y}],
                                  include: [{b: z, a: 3}, {extra: e, a: 1, b: x}]}"""))
                .containsExactly("a=2,b=x", "a=3,b=z", "a=1,b=x,extra=e");
        assertThat(cells("{include: [{os: a}, {arch: b}]}")).containsExactly("os=a", "arch=b");
    }

    private static Map<String, String> environment(String text, String cell, Phase phase) {
        var plan = plan(PlanFile.AIRLOCK, text).ofCell(cell).orElseThrow();
        var what = PhaseSteps.of(plan, phase).actions().getFirst().what();
        return ((GuestStep.Execute) what).environment();
    }

    @Test
    void valuesAreVariablesInEveryPhase() {
        for (Phase phase : Phase.values()) {
            String text =
                    "env: {A: b, MATRIX_OS: mine}\nmatrix: {os: [trixie], some_Name: [1]}\n"
                            + phase.key()
                            + ": [{action: shell, shell: make}]\n";
            assertThat(environment(text, "os=trixie,some_Name=1", phase))
                    .containsEntry("A", "b")
                    .containsEntry("MATRIX_OS", "trixie")
                    .containsEntry("MATRIX_SOME_NAME", "1");
        }
    }

    @Test
    void aCellThatIsNotThereIsNone() {
        var plan = plan(PlanFile.AIRLOCK, "matrix: {os: [a]}\n" + SHELL);

        assertThat(plan.ofCell("os=b")).isEmpty();
        assertThat(plan.ofCell("")).isEmpty();
        assertThat(plan(PlanFile.AIRLOCK, SHELL).ofCell("")).isPresent();
    }

    @Test
    void theAxisImageChoosesTheImage() {
        var plan = plan(PlanFile.AIRLOCK, "matrix: {image: [trixie, rust]}\n" + SHELL);
        assertThat(plan.ofCell("image=rust").orElseThrow().settings().image()).contains("rust");

        var word = new PlanPolicy(Optional.empty(), Optional.of(List.of("trixie")), true);
        var reading =
                new PlanReader(word)
                        .read(PlanFile.AIRLOCK, "matrix: {image: [trixie, rust]}".getBytes(UTF_8));
        assertThat(((PlanReading.Invalid) reading).summary())
                .contains("matrix: ", "this repository has no image 'rust'");
    }

    @Test
    void ofARunFromOutsideTheTargetsMatrixHolds() {
        var target = plan(PlanFile.AIRLOCK, "matrix: {os: [a, b]}\n" + SHELL);
        var commits = plan(PlanFile.AIRLOCK, "matrix: {os: [evil]}\nplan: [{action: pwd}]\n");

        var mixed = target.withStepsOf(commits);

        assertThat(mixed.cells()).containsExactly("os=a", "os=b");
        assertThat(mixed.ofCell("os=evil")).isEmpty();
        assertThat(mixed.actionsOf(Phase.PLAN))
                .containsExactlyElementsOf(commits.actionsOf(Phase.PLAN));
    }

    /// No program of an image reads variables called so by itself, other than those of `env`.
    @Test
    void aMatrixTakesNoNetworkAway() {
        String text = "{%s pre_plan: [{action: pwd, if: always}]}";
        var plan = plan(PlanFile.AIRLOCK, text.formatted("matrix: {os: [/ci/src/x.so]},"));

        assertThat(plan.ofCell(plan.cells().getFirst()).orElseThrow().runsCommit(Phase.PRE_PLAN))
                .isFalse();
        var both = plan(PlanFile.AIRLOCK, text.formatted("matrix: {os: [a]}, env: {A: b},"));
        assertThat(both.ofCell("os=a").orElseThrow().runsCommit(Phase.PRE_PLAN)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    []                                          | matrix: found a list
                    {}                                          | matrix: no cell is left
                    {os: trixie}                                | matrix.os: found a text
                    {os: []}                                    | matrix.os: 0 items
                    {os: [[a]]}                                 | matrix.os[0]: found a list
                    {os: [~]}                                   | matrix.os[0]: found nothing
                    {os: [a], exclude: [{os: a}]}               | matrix: no cell is left
                    {os: [a], exclude: [{so: a}]}               | there is no axis 'so'
                    {os: [a, b], exclude: [{}]}                 | matrix.exclude[0]: names no axis
                    {os: [a], exclude: {os: a}}                 | matrix.exclude: found a mapping
                    {os: [a], include: [{so: b}]}               | has no value for the axis os
                    {include: [{}]}                             | matrix.include[0]: names no axis
                    {os: [a], include: [{os: b, OS: c}]}        | differs from another in case alone
                    {os: [a], OS: [b]}                          | matrix.OS: differs from another axis
                    {os: [a, a]}                                | duplicate cell os=a
                    {os: [a, A]}                                | (case is ignored)
                    {os: [a], include: [{os: a}]}               | duplicate cell os=a
                    {a-b: [1]}                                  | matrix.a-b: the name does not fit
                    {1a: [1]}                                   | matrix.1a: the name does not fit
                    {'a=b': [1]}                                | the name does not fit
                    {include: [{'a=b': 1}]}                     | the name does not fit
                    {os: ["a\\nb"]}                             | has a control character
                    {os: ["a\\0b"]}                             | has a control character
                    """)
    void whatIsNoMatrixIsRefusedAtItsPlace(String matrix, String problem) {
        assertThat(mistakes(matrix)).anyMatch(line -> line.contains(problem));
    }

    @Test
    void sixtyFourCellsAreTakenAndMoreAreNotAndNoneIsCountedForHours() {
        String eight = "[1, 2, 3, 4, 5, 6, 7, 8]";
        assertThat(cells("{a: %1$s, b: %1$s}".formatted(eight))).hasSize(64);
        assertThat(only(mistakes("{a: %1$s, b: %1$s, include: [{a: 9, b: 9}]}".formatted(eight))))
                .contains("65 cells, and at most 64");
        assertThat(cells("{a: %1$s, b: %1$s, c: [1, 2], exclude: [{c: 2}]}".formatted(eight)))
                .hasSize(64);
        var axes = new StringBuilder("{");
        for (int i = 0; i < 200; i++) {
            axes.append("a").append(i).append(": ").append(eight).append(", ");
        }
        assertThat(only(mistakes(axes.append("z: [1]}").toString())))
                .contains("more than 1,024 combinations");
    }

    @Test
    void whatExcludesNothingIsAWarning() {
        assertThat(
                        only(
                                PlanFixture.warnings(
                                        PlanFile.AIRLOCK, "matrix: {os: [a], exclude: [{os: b}]}")))
                .contains("excludes nothing");
    }

    @Test
    void allVariablesOfACellTogetherAreBounded() {
        var axes = new StringBuilder("{include: [{");
        for (int i = 0; i < 400; i++) {
            axes.append("a").append(i).append(": ").append("x".repeat(200)).append(", ");
        }
        assertThat(mistakes(axes.append("z: 1}]}").toString()))
                .anyMatch(line -> line.contains("bytes") && line.contains("at most 65,536"));
    }

    @Test
    void aCellsNameIsShortReadableAndItsOwnWhateverTheValuesAre() {
        assertThat(cells("{os: ['a b', a_b, 'a,b=c', '" + "x".repeat(200) + "']}"))
                .satisfiesExactly(
                        name -> assertThat(name).matches("os=a_b~[0-9a-f]{8}"),
                        name -> assertThat(name).isEqualTo("os=a_b"),
                        name -> assertThat(name).matches("os=a_b_c~[0-9a-f]{8}"),
                        name -> assertThat(name).matches("os=x{68}~[0-9a-f]{8}").hasSize(80));
        var random = new Random(41);
        String letters = "aA ,=()~\u202e\u00e9/.";
        for (int i = 0; i < 500; i++) {
            Set<String> values = new HashSet<>();
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                var value = new StringBuilder();
                for (int c = random.nextInt(0, 90); c > 0; c -= 30) {
                    value.append(letters.charAt(random.nextInt(letters.length())));
                }
                values.add("'" + value + "'");
            }
            switch (PlanFixture.read(PlanFile.AIRLOCK, ("matrix: {x: " + values + "}"))) {
                case PlanReading.Read(var plan, _) -> {
                    var names = new ArrayList<>(plan.cells());
                    assertThat(names).allMatch(name -> name.matches("[A-Za-z0-9._+:/@,=~-]{1,80}"));
                    names.replaceAll(name -> name.toLowerCase(Locale.ROOT));
                    assertThat(names).doesNotHaveDuplicates().hasSameSizeAs(values);
                }
                case PlanReading.Invalid(var problems, _, _) ->
                        assertThat(problems).allMatch(p -> p.what().contains("duplicate cell"));
                case PlanReading.Absent _ -> throw new AssertionError("absent");
            }
        }
    }

    @Test
    void ambientsFileHasNone() {
        assertThat(problems(PlanFile.AMBIENT, "matrix: {os: [a]}\n")).hasSize(1);
    }
}
