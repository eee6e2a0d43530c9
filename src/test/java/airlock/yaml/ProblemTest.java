package airlock.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.yaml.Problem.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {
    private static Problem problem(Severity severity, String path, String what) {
        return new Problem(severity, "f.yaml", new Position(2, 3), path, what, "", "");
    }

    @Test
    void theLineHasWhatThereIsAndNothingElse() {
        assertThat(problem(Severity.ERROR, "", "is bad")).hasToString("f.yaml:2:3: is bad");
        assertThat(problem(Severity.WARNING, "a.b", "is odd"))
                .hasToString("f.yaml:2:3: warning: a.b: is odd");
        assertThat(new Problem(Severity.ERROR, "f.yaml", Position.START, "a", "bad", "good", "god"))
                .hasToString("f.yaml:1:1: a: bad; expected good (did you mean 'god'?)");
    }

    @Test
    void othersTextIsOneShortLine() {
        Problem long1 = problem(Severity.ERROR, "k".repeat(1_000), "w\n".repeat(1_000));
        assertThat(long1.toString()).hasSizeLessThan(800).doesNotContain("\n");
    }

    @Test
    void theOrderIsThatOfTheFile() {
        var problems = new Problems("f");
        Place top = problems.top();
        top.key("c", new Position(3, 1)).error("third");
        top.key("b", new Position(1, 9)).error("second");
        top.key("a", new Position(1, 2)).error("first");
        top.warning("odd");
        assertThat(problems.listErrors().stream().map(Problem::what))
                .containsExactly("first", "second", "third");
        assertThat(problems.listWarnings()).hasSize(1);
        assertThat(problems.listErrors().getFirst()).hasToString("f:1:2: a: first");
    }

    @Test
    void pathsTellKeysAndItems() {
        var problems = new Problems("f");
        Place place =
                problems.top()
                        .key("a", Position.START)
                        .item(3, Position.START)
                        .key("b", Position.START);
        assertThat(place.path()).isEqualTo("a[3].b");
    }

    @Test
    void theNearestWordMayBeOneThatIsNotExpectedHere() {
        var problems = new Problems("f");
        problems.top().unknown("unknown", "cargo_fetsh", List.of("pwd"), List.of("cargo_fetch"));
        assertThat(problems.listErrors().getFirst())
                .hasToString("f:1:1: unknown; expected pwd (did you mean 'cargo_fetch'?)");
    }
}
