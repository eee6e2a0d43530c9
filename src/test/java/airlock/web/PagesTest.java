package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.forge.StatusPoster.CommitState;
import airlock.results.Mark;
import airlock.results.RequestView;
import airlock.results.RunHead;
import airlock.results.RunHead.Revision;
import airlock.results.RunView;
import airlock.results.StepKey;
import airlock.statuses.StatusViews.OutboxRow;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PagesTest {
    private static final String HOSTILE = "<script>alert(1)</script>\u202e\u001b[31m\"'&\u0000";

    @RegisterExtension private final Site site = new Site();

    @Test
    void theListShowsRunsNewestFirstAndWhatWaits() {
        for (var verdict : Verdict.values()) {
            show(verdict.name().toLowerCase(Locale.ROOT).replace("_", ""), verdict);
        }
        site.views.put(Samples.waiting("waiting"));
        Golden.check("runs.html", body("/"));
    }

    @Test
    void anEmptyListSaysWhatWillBeThere() {
        assertThat(body("/")).contains("No run yet.");
    }

    @Test
    void theListSaysWhyStatusesWaitOfTheRepositoriesThatItShows() {
        var shown = Samples.waiting("waiting").repository();
        site.statuses.pause(shown.forge(), Optional.empty(), "answered 401", HOSTILE);
        site.statuses.pause(shown.forge(), Optional.of(shown), "answered 403", "grant it");
        site.statuses.pause(
                shown.forge(),
                Optional.of(new RepositoryId(shown.forge(), "999")),
                "of a hidden one",
                "");
        site.statuses.pause("elsewhere", Optional.empty(), "of another forge", "");
        assertThat(body("/"))
                .contains(
                        "Commit statuses wait: answered 401: &lt;script", "answered 403: grant it")
                .doesNotContain("of a hidden one", "of another forge", "<script>alert");
        assertThat(body("/?repository=github/harbour/buoy")).doesNotContain("answered 401");
    }

    @Test
    void theListIsFilteredByRepositoryAndSubject() {
        show("ours", Verdict.PASSED);
        assertThat(body("/?repository=codeberg/harbour/ship&subject=main")).contains("oursaaaa");
        assertThat(body("/?repository=codeberg/harbour/ship&subject=refs/heads/main"))
                .contains("oursaaaa");
        assertThat(body("/?repository=CODEBERG/Harbour/Ship")).contains("oursaaaa");
        assertThat(body("/?repository=github/harbour/buoy")).doesNotContain("oursaaaa");
        assertThat(body("/?subject=other")).doesNotContain("oursaaaa").contains("No run fits.");
        assertThat(body("/?subject=%237")).doesNotContain("oursaaaa");
        assertThat(body("/?subject=..%2F..")).doesNotContain("oursaaaa").contains("No run fits.");
    }

    @Test
    void theListIsReadPageByPage() {
        for (char c = 'a'; c <= 'z'; c++) {
            show("first" + c, Verdict.PASSED);
            show("second" + c, Verdict.PASSED);
        }
        String first = body("/");
        assertThat(first).contains("secondz", "firstz").doesNotContain("seconda");
        String second = body(next(first));
        assertThat(second).contains("seconda", "firsta").doesNotContain("secondz", "rel=\"next\"");
        assertThat(body("/?before=zzzzzzzzzzzzzzzzzzzz")).contains("No run fits.");
        assertThat(body("/?before='%20OR%201")).contains("No run fits.");
    }

    @Test
    void aRequestWithoutRunsSaysWhyAndLooksAgain() {
        site.views.put(Samples.waiting("waiting"));
        String page = body("/requests/waitingaaaaaaaaaaaaa");
        assertThat(page).contains("2 requests are before it", "http-equiv=\"refresh\"");
        Golden.check("request-waiting.html", page);
    }

    @Test
    void aRequestThatEndedWithoutRunsSaysWhy() {
        var waiting = Samples.waiting("gone");
        site.views.put(
                new RequestView(
                        waiting.id(),
                        waiting.revision(),
                        Samples.ended(Verdict.SUPERSEDED, "superseded by a newer push"),
                        "",
                        waiting.created(),
                        List.of()));
        assertThat(body("/requests/goneaaaaaaaaaaaaaaaa"))
                .contains("superseded by a newer push", "ended without a run")
                .doesNotContain("http-equiv");
    }

    @Test
    void aRequestShowsItsRuns() {
        var run = show("passed", Verdict.PASSED);
        site.views.put(Samples.planned("passed", run.head()));
        Golden.check("request-planned.html", body("/requests/passedaaaaaaaaaaaaaa"));
    }

    @Test
    void aRequestShowsWhatTheForgeWasToldAndWhatItNeverWillBe() {
        var request = Samples.planned("told");
        site.views.put(request);
        site.statuses.put(
                request.id(),
                InMemoryStatuses.row(CommitState.PENDING, "running", OutboxRow.Outcome.SENT, ""),
                InMemoryStatuses.row(
                        CommitState.FAILURE,
                        "failed: <b>",
                        OutboxRow.Outcome.GIVEN_UP,
                        "forge 'codeberg' answered 401"));
        assertThat(body("/requests/" + request.id()))
                .contains(
                        "Told to the forge",
                        "<code>airlock/main</code> <b>pending</b>",
                        "failed: &lt;b&gt;",
                        "<span class=\"trouble\">given up: forge 'codeberg' answered 401");
        site.views.put(Samples.planned("toldnot"));
        assertThat(body("/requests/" + Samples.planned("toldnot").id()))
                .contains("Make the hull tight")
                .doesNotContain("Told to the forge");
    }

    @Test
    void aFailedRunShowsItsPhasesItsStepsAndTheFailedOnesLog() {
        var run = show("failed", Verdict.FAILED);
        var notes = new StepKey(Phase.PLAN, 1, StepKey.NOTES);
        site.logs.append(run.head().id(), notes, 0, 0, "the source is unpacked\n");
        site.logs.append(run.head().id(), Samples.STEP, 1, 0.5, "\u001b[1mCC\u001b[0m hull.c\n");
        site.logs.append(run.head().id(), Samples.STEP, 2, 1.25, "warning: <keel> & co\n");
        Golden.check("run-failed.html", body("/runs/failedaaaaaaaaaaaaaa"));
    }

    @Test
    void aRunningRunNamesWhereItsEventsGoOn() {
        var head = site.start("running").head();
        site.logs.append(head.id(), Samples.STEP, 1, 1, "0123456789\n");
        Golden.check("run-running.html", body("/runs/runningaaaaaaaaaaaaa"));
        assertThat(body("/runs/runningaaaaaaaaaaaaa"))
                .contains("data-events=\"/runs/runningaaaaaaaaaaaaa/events?from=27\"");
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    void eachVerdictHasItsWordAndItsMarkOfItsOwn(Verdict verdict) {
        show("run", verdict);
        var mark = Mark.of(verdict);
        assertThat(body("/runs/runaaaaaaaaaaaaaaaaa"))
                .contains(
                        "<span class=\"mark " + mark.key() + "\">",
                        "#i-" + mark.key() + "\"",
                        ">" + verdict.word() + "</span>");
    }

    @Test
    void aPhaseThatWasStartedAgainShowsBothStarts() {
        var head = Samples.head("again", Samples.ended(Verdict.PASSED, ""));
        var view = Samples.view(head, Mark.PASSED);
        var plan = view.phases().getLast();
        var second = Samples.phase(2, "", plan.state(), plan.times(), plan.steps());
        site.views.put(Samples.view(head, view.planFile(), List.of(plan, second)));
        assertThat(body("/runs/againaaaaaaaaaaaaaaa"))
                .contains("id=\"plan-1-0\"", "id=\"plan-2-0\"", "shell: make (start 2)");
    }

    @Test
    void aLongLogIsReadPageByPageInBothDirections() {
        var run = show("long", Verdict.PASSED).head().id();
        for (int i = 0; i < 700; i++) {
            site.logs.append(run, Samples.STEP, 1, i, "line " + i + " " + "x".repeat(1000) + "\n");
        }
        String end = body("/runs/longaaaaaaaaaaaaaaaa/log");
        assertThat(end).contains("line 699 ").doesNotContain("line 1 ", ">Later<");
        String start = body("/runs/longaaaaaaaaaaaaaaaa/log?from=0");
        assertThat(start).contains("line 0 ", ">Later<").doesNotContain("line 699 ", ">Earlier<");
        int shown = start.split("data-t=", -1).length - 1;
        assertThat(body(next(start))).contains("line " + shown + " ");
        assertThat(body("/runs/longaaaaaaaaaaaaaaaa")).contains("this page holds its end");
        assertThat(body("/runs/longaaaaaaaaaaaaaaaa/log?from=999999999999999999"))
                .contains("nothing in this part");
    }

    @Test
    void aPageOfALogOfShortLinesIsShortAndNoLineIsLost() {
        var run = show("short", Verdict.PASSED).head().id();
        for (int i = 0; i < 80; i++) {
            site.logs.append(run, Samples.STEP, 1, i, "\n".repeat(200));
        }
        site.logs.append(run, Samples.STEP, 1, 80, "the end\n");
        String page = body("/runs/shortaaaaaaaaaaaaaaa/log");
        assertThat(page).contains("the end").hasSizeLessThan(300_000);
        assertThat(body("/runs/shortaaaaaaaaaaaaaaa")).hasSizeLessThan(300_000);
        int lines = 0;
        for (String from = "/runs/shortaaaaaaaaaaaaaaa/log?from=0"; !from.isEmpty(); ) {
            page = body(from);
            assertThat(page).hasSizeLessThan(300_000);
            lines += page.split("data-t=", -1).length - 1;
            from = next(page);
        }
        assertThat(lines).isEqualTo(80 * 200 + 1);
    }

    @Test
    void theLogIsThereAsPlainText() {
        var run = show("plain", Verdict.PASSED).head().id();
        site.logs.append(run, new StepKey(Phase.PRE_PLAN, 1, 0), 1, 0, "fetched\n");
        site.logs.append(run, Samples.STEP, 1, 0, "\u001b[31mred\u001b[0m\u001b]0;title\u0007\n");
        var answer = site.get("/runs/plainaaaaaaaaaaaaaaa/log.txt");
        assertThat(answer.body())
                .isEqualTo(
                        "--- pre_plan: shell: ./fetch.sh\nfetched\n\n--- plan: shell: make\nred\n");
        assertThat(Site.header(answer, "Content-Type")).isEqualTo("text/plain;charset=utf-8");
    }

    @Test
    void textsOfOthersCanNeitherMakeMarkupNorTurnTheLineRound() {
        var head = hostileRun();
        var step = Samples.step(0, HOSTILE, Mark.FAILED, HOSTILE, 5);
        var phase =
                Samples.phase(
                        1,
                        "tcg",
                        Samples.ended(Verdict.FAILED, HOSTILE),
                        Samples.never(Samples.NOW),
                        List.of(step));
        site.views.put(Samples.view(head, HOSTILE, List.of(phase)));
        site.views.put(Samples.planned("hostile", head));
        site.logs.append(head.id(), Samples.STEP, 1, 0, HOSTILE + "\n");
        site.artifacts.put(head.id(), HOSTILE, new byte[1]);
        site.views.put(head.id().text(), HOSTILE);
        site.views.put(head.request().text(), HOSTILE);
        for (String path :
                List.of(
                        "/",
                        "/requests/hostileaaaaaaaaaaaaa",
                        "/runs/hostileaaaaaaaaaaaaa",
                        "/runs/hostileaaaaaaaaaaaaa/log",
                        "/runs/hostileaaaaaaaaaaaaa/artifacts")) {
            assertThat(body(path))
                    .as(path)
                    .doesNotContain("<script>alert", "<img", "\u202e", "\u001b", "\u0000");
        }
        Golden.check("run-hostile.html", body("/runs/hostileaaaaaaaaaaaaa"));
    }

    private static RunHead hostileRun() {
        return new RunHead(
                Samples.run("hostile"),
                Samples.request("hostile"),
                new Revision(
                        Samples.SHIP.id(),
                        new Subject.Branch("refs/heads/<img/src=x/onerror=alert(1)>"),
                        new CommitId("f".repeat(40)),
                        new CommitSummary(HOSTILE, HOSTILE)),
                TrustClass.OUTSIDE,
                HOSTILE,
                HOSTILE,
                Samples.ended(Verdict.FAILED, HOSTILE + "\n" + HOSTILE),
                Samples.never(Samples.NOW));
    }

    private RunView show(String name, Verdict verdict) {
        return site.show(name, verdict, "because");
    }

    /// The URL of the next page; empty if there is none.
    private static String next(String page) {
        var link = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"").matcher(page);
        return link.find() ? link.group(1).replace("&amp;", "&") : "";
    }

    private String body(String path) {
        var answer = site.page(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    @Test
    void aPartOfANameFindsTheRepositoriesThatHaveIt() {
        show("passed", Verdict.PASSED);
        String path = Samples.SHIP.path();
        assertThat(site.page("/?repository=SH").body())
                .contains("href=\"/?repository=" + path.replace("/", "%2F"))
                .contains("/runs/");
        assertThat(site.page("/?repository=" + path).body()).doesNotContain("that fit");
        assertThat(site.page("/?repository=secret").body())
                .contains("No run fits")
                .doesNotContain(Samples.SECRET.path());
    }

    @Test
    void pagesAndProgramsAreToldWhatWasRemovedAndWhen() {
        var when = Instant.parse("2026-11-01T10:00:00Z");
        var view = show("passed", Verdict.PASSED);
        site.views.put(
                Samples.view(view.head(), view.planFile(), view.phases(), Optional.of(when)));
        site.artifacts.put(view.head().id(), new Artifacts.Listing.Removed(when));
        String run = "/runs/passedaaaaaaaaaaaaaa";
        String time = "2026-11-01 10:00:00 UTC";
        assertThat(body(run)).contains("passed", "The log was removed", time, "/artifacts");
        assertThat(body(run + "/log?from=0")).contains("The log was removed", time);
        assertThat(body(run + "/artifacts")).contains("The artifacts were removed", time);

        var answer = site.get(run + "/log.txt");
        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(answer.body()).contains("removed to give room back");
        assertThat(site.get("/api/v1" + run + "/log").statusCode()).isEqualTo(410);
        assertThat(body("/api/v1" + run + "/artifacts"))
                .contains("\"removed\"", "removed at 2026-11-01T10:00:00Z");
    }
}
