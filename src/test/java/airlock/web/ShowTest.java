package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.results.PhaseTimes;
import airlock.results.SubjectFilter;
import airlock.text.TextStyle;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How values are written for people.
class ShowTest {
    private final Show show = new Show(Samples.NOW);

    @ParameterizedTest
    @CsvSource({
        "0,just now", "59,just now", "60,1 min ago", "3599,59 min ago", "3600,1 h ago",
        "86399,23 h ago", "86400,yesterday", "172800,2 days ago", "604800,2026-11-17", "-5,just now"
    })
    void timesAgo(long seconds, String text) {
        assertThat(show.ago(Samples.NOW.minusSeconds(seconds))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0.0 s",
        "449,0.4 s",
        "9999,10.0 s",
        "10000,10 s",
        "59999,59 s",
        "60000,1 min 00 s",
        "3599000,59 min 59 s",
        "3600000,1 h 00 min",
        "90061000,25 h 01 min"
    })
    void durations(long millis, String text) {
        assertThat(Show.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 bytes",
        "1,1 byte",
        "1023,1023 bytes",
        "1024,1.0 KiB",
        "1500000,1.4 MiB",
        "9223372036854775807,8388608.0 TiB"
    })
    void sizes(long bytes, String text) {
        assertThat(Show.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void timesOfDay() {
        var time = Instant.parse("2026-01-02T03:04:05.678Z");
        assertThat(show.time(time)).isEqualTo("2026-01-02 03:04:05 UTC");
        assertThat(show.iso(time)).isEqualTo("2026-01-02T03:04:05Z");
    }

    @Test
    void whatHasNotBegunTookNothingAndWhatGoesOnTakesSoFar() {
        var start = Samples.NOW.minusSeconds(12);
        assertThat(show.took(Samples.waitingSince(start))).isEmpty();
        assertThat(show.took(Samples.never(start))).isEmpty();
        assertThat(show.took(Samples.running(start))).isEqualTo("12 s");
        assertThat(show.goingOnFor(Samples.running(start))).isEqualTo(12);
        assertThat(show.goingOnFor(Samples.over(start, Samples.NOW))).isEqualTo(-1);
        assertThat(show.took(Samples.over(Samples.NOW, start))).isEqualTo("0.0 s");
    }

    @Test
    void stylesAreClasses() {
        assertThat(Show.css(TextStyle.PLAIN)).isEmpty();
        assertThat(Show.css(new TextStyle(1, 15, true))).isEqualTo("b f1 k15");
    }

    @ParameterizedTest
    @CsvSource({
        "'',,",
        "main,branch,refs/heads/main",
        "refs/heads/a/b,branch,refs/heads/a/b",
        "refs/tags/v1,tag,refs/tags/v1",
        "#7,change,7",
        "7,branch,refs/heads/7",
        "#0,branch,refs/heads/#0"
    })
    void subjectsAsPeopleWriteThem(String text, String kind, String key) {
        var expected = kind == null ? SubjectFilter.ANY : new SubjectFilter(kind, key);
        assertThat(SubjectFilter.of(text)).contains(expected);
    }

    @Test
    void whatIsNoSubjectIsNone() {
        assertThat(SubjectFilter.of("a..b")).isEmpty();
        assertThat(SubjectFilter.of("a b")).isEmpty();
        assertThat(SubjectFilter.of("refs/tags/")).isEmpty();
    }

    @Test
    void eachForgeHasItsLinks() {
        assertThat(Samples.SHIP.commitUrl(new CommitId("a".repeat(40))))
                .isEqualTo("https://codeberg.example/harbour/ship/commit/" + "a".repeat(40));
        var branch = new Subject.Branch("refs/heads/feature/ä&b");
        assertThat(Samples.SHIP.subjectUrl(branch)).endsWith("/src/branch/feature/%C3%A4%26b");
        assertThat(Samples.BUOY.subjectUrl(branch)).endsWith("/tree/feature/%C3%A4%26b");
        assertThat(Samples.SHIP.subjectUrl(new Subject.Tag("refs/tags/v1")))
                .endsWith("/src/tag/v1");
        assertThat(Samples.SHIP.subjectUrl(new Subject.Change(7, "main"))).endsWith("/pulls/7");
        assertThat(Samples.BUOY.subjectUrl(new Subject.Change(7, "main"))).endsWith("/pull/7");
    }

    @Test
    void aBrowserIsSentToWebPagesOnly() {
        Assertions.assertThatThrownBy(
                        () ->
                                new ShownRepository(
                                        new RepositoryId("x", "1"),
                                        ForgeKind.GITEA,
                                        "a/b",
                                        URI.create("javascript:alert(1)"),
                                        "main"))
                .hasMessageContaining("javascript:alert(1)");
    }

    @Test
    void theTimesOfAVmAreSummedToStartWorkAndEnd() {
        var parts =
                Map.of(
                        "template", Duration.ofMillis(1),
                        "drives", Duration.ofMillis(3),
                        "boot", Duration.ofMillis(6),
                        "work", Duration.ofMillis(100),
                        "end", Duration.ofMillis(10),
                        "gate", Duration.ofMillis(7));
        var times = new PhaseTimes("ready", parts);
        assertThat(Show.vm(times))
                .isEqualTo("VM (ready clone): start 0.0 s, work 0.1 s, end 0.0 s");
        assertThat(Show.share(times.start(), times)).isEqualTo(1000 / 12);
        assertThat(Show.share(times.work(), times)).isEqualTo(1000 * 10 / 12);
        assertThat(PhaseTimes.UNKNOWN.isKnown()).isFalse();
    }
}
