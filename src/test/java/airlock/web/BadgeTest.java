package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.StateChange.State;
import airlock.event.Verdict;
import airlock.results.Mark;
import airlock.web.BadgeRoute.Badge;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;

class BadgeTest {
    @ParameterizedTest
    @EnumSource(Mark.class)
    void eachStateHasItsPicture(Mark mark) {
        Golden.check("badge-" + mark.key() + ".svg", svg(new Badge("airlock", mark)));
    }

    @Test
    void theCommitsFaultsAndOursShareNoColourAndNoWord() {
        Set<String> seen = new HashSet<>();
        for (var mark :
                List.of(Mark.PASSED, Mark.FAILED, Mark.TIMED_OUT, Mark.INVALID_PLAN, Mark.BROKE)) {
            String svg = svg(new Badge("x", mark));
            String colour = svg.replaceAll("(?s).*fill=\"(#[0-9a-f]{6})\"/></g>.*", "$1");
            assertThat(colour).matches("#[0-9a-f]{6}");
            assertThat(seen.add(colour)).as("%s has a colour of its own", mark).isTrue();
            assertThat(seen.add(new Badge("x", mark).text())).isTrue();
        }
    }

    @Test
    void whatIsGoingOnComesFirstThenTheCommitsFaultsThenOurs() {
        State running = new State.Running();
        State queued = new State.Queued();
        State passed = new State.Ended(Verdict.PASSED, "");
        State failed = new State.Ended(Verdict.FAILED, "");
        State broke = new State.Ended(Verdict.BROKE, "");
        assertThat(Badge.of(List.of())).isEqualTo(Mark.NOT_RUN);
        assertThat(Badge.of(List.of(passed))).isEqualTo(Mark.PASSED);
        assertThat(Badge.of(List.of(passed, broke))).isEqualTo(Mark.BROKE);
        assertThat(Badge.of(List.of(broke, failed, passed))).isEqualTo(Mark.FAILED);
        assertThat(Badge.of(List.of(failed, queued))).isEqualTo(Mark.QUEUED);
        assertThat(Badge.of(List.of(failed, queued, running))).isEqualTo(Mark.RUNNING);
    }

    @Test
    void aHostileLabelIsTextAndNothingElse() throws Exception {
        var badge =
                new Badge("</text><script>alert('1')</script>&\u202e\u0000\ud800\"", Mark.PASSED);
        Golden.check("badge-hostile.svg", svg(badge));
        assertThat(parsed(badge).getElementsByTagName("script").getLength()).isZero();
    }

    @Test
    void anyLabelMakesWellFormedXml() throws Exception {
        for (int seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            var label = new StringBuilder();
            for (int i = random.nextInt(80); i > 0; i--) {
                label.append(
                        (char)
                                (random.nextBoolean()
                                        ? random.nextInt(128)
                                        : random.nextInt(65536)));
            }
            var root = parsed(new Badge(label.toString(), Mark.BROKE)).getDocumentElement();
            assertThat(root.getElementsByTagName("*").getLength()).as("seed %d", seed).isEqualTo(9);
        }
    }

    @Test
    void aLongLabelIsCut() {
        assertThat(new Badge("x".repeat(500), Mark.PASSED).label()).hasSize(60).endsWith("…");
    }

    private static String svg(Badge badge) {
        return new String(badge.svg(), StandardCharsets.UTF_8);
    }

    private static Document parsed(Badge badge) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(badge.svg()));
    }
}
