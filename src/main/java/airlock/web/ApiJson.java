package airlock.web;

import airlock.base.Json;
import airlock.event.Subject;
import airlock.results.Mark;
import airlock.results.PhaseTimes;
import airlock.results.PhaseView;
import airlock.results.PhaseView.PlaceUse;
import airlock.results.RequestView;
import airlock.results.RunHead;
import airlock.results.RunHead.Revision;
import airlock.results.RunView;
import airlock.results.RunView.Visit;
import airlock.results.StepView;
import airlock.results.Times;
import airlock.statuses.StatusViews.OutboxRow;
import airlock.text.SafeText;
import airlock.web.ShownRepository.ShownRepositories;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Renders the objects of the API (docs/api.md). Within `v1`, field names never change; new ones
/// may come. Foreign texts are made safe to show, except those that clients send back unchanged.
public final class ApiJson {
    private ApiJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array(Collection<? extends JsonNode> nodes) {
        return JsonNodeFactory.instance.arrayNode().addAll(nodes);
    }

    static <T> ArrayNode array(List<T> values, Function<T, ObjectNode> node) {
        return array(values.stream().map(node).toList());
    }

    /// Runs and requests for `airlock runs --json`: one object with both, only ASCII.
    ///
    /// @param shown the repositories; runs and requests of others are left out
    public static String of(
            List<ShownRepository> shown, List<RunHead> runs, List<RequestView> requests) {
        var repositories = ShownRepositories.of(shown);
        return Json.ASCII
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(
                        object().set("runs", array(repositories.runs(runs, ApiJson::run)))
                                .set(
                                        "requests",
                                        array(repositories.requests(requests, ApiJson::request))));
    }

    static ObjectNode repository(ShownRepository shown) {
        return object().put("path", shown.path())
                .put("id", shown.id().toString())
                .put("page", shown.page().toString())
                .put("default_branch", SafeText.line(shown.defaultBranch()));
    }

    static ObjectNode run(ShownRepository shown, RunHead head) {
        var node = object().put("id", head.id().text()).put("request", head.request().text());
        return revision(node, shown, head.revision())
                .put("trust", head.trust().key())
                .put("plan", SafeText.line(head.plan()))
                .put("cell", SafeText.line(head.cell()))
                .set("standing", standing(head.mark(), head.reason()))
                .set("times", times(head.times()))
                .put("page", "/runs/" + head.id());
    }

    static ObjectNode wholeRun(ShownRepository shown, RunView view) {
        return object().set("run", run(shown, view.head()))
                .put("plan_file", SafeText.line(view.planFile()))
                .put("isolation", view.isolation())
                .put("kept_until", text(view.keptUntil()))
                .set("visits", array(view.visits(), ApiJson::visit))
                .set("phases", array(view.phases(), ApiJson::phase));
    }

    static ObjectNode request(ShownRepository shown, RequestView view) {
        return revision(object().put("id", view.id().text()), shown, view.revision())
                .set("standing", standing(view.mark(), view.reason()))
                .put("created_at", text(view.created()))
                .put("page", "/requests/" + view.id());
    }

    static ObjectNode wholeRequest(ShownRequest shown) {
        var request = shown.request();
        return object().set("request", request(shown.repository(), request))
                .set("runs", array(request.runs(), run -> run(shown.repository(), run)))
                .set("statuses", array(shown.statuses(), ApiJson::status));
    }

    private static ObjectNode revision(ObjectNode to, ShownRepository shown, Revision revision) {
        return to.put("repository", shown.path())
                .set("subject", subject(revision.subject()))
                .put("commit", revision.commit().hex())
                .put("title", SafeText.line(revision.summary().title()))
                .put("author", SafeText.line(revision.summary().author()));
    }

    private static ObjectNode subject(Subject subject) {
        String target = subject.target();
        return object().put("kind", subject.kind())
                .put("key", SafeText.line(subject.key()))
                .put("name", SafeText.line(subject.shortName()))
                .put("target", target.isEmpty() ? null : SafeText.line(target));
    }

    private static ObjectNode standing(Mark mark, String reason) {
        String word = mark.name().toLowerCase(Locale.ROOT);
        boolean ended =
                switch (mark) {
                    case QUEUED, RUNNING, NOT_RUN -> false;
                    case PASSED, FAILED, TIMED_OUT, INVALID_PLAN, BROKE, CANCELLED, SUPERSEDED ->
                            true;
                };
        return object().put("state", ended ? "ended" : word)
                .put("verdict", ended ? word : null)
                .put("reason", SafeText.lines(reason));
    }

    private static ObjectNode times(Times times) {
        boolean waits = times.start().or(times::end).isEmpty();
        return object().put("waiting_since", waits ? text(times.since()) : null)
                .put("started_at", text(times.start()))
                .put("ended_at", text(times.end()));
    }

    /// ISO 8601 with milliseconds.
    private static String text(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli()).toString();
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(ApiJson::text).orElse(null);
    }

    static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private static ObjectNode visit(Visit visit) {
        return object().put("phase", visit.phase().key())
                .put("kept", visit.kept())
                .put("who", SafeText.line(visit.who()))
                .put("began_at", text(visit.began()))
                .put("ended_at", text(visit.ended()))
                .put("ending", SafeText.line(visit.ending()));
    }

    private static ObjectNode phase(PhaseView view) {
        return object().put("phase", view.phase().key())
                .put("attempt", view.attempt())
                .put("isolation", view.isolation())
                .set("standing", standing(view.mark(), view.reason()))
                .set("times", times(view.times()))
                .set("vm", view.vm().isKnown() ? vm(view.vm()) : null)
                .set("network", array(view.places(), ApiJson::place))
                .set("steps", array(view.steps(), ApiJson::step));
    }

    private static ObjectNode vm(PhaseTimes times) {
        return object().put("began", times.beginningWord())
                .put("start_seconds", seconds(times.start()))
                .put("work_seconds", seconds(times.work()))
                .put("end_seconds", seconds(times.end()));
    }

    private static ObjectNode place(PlaceUse use) {
        return object().put("place", SafeText.line(use.place()))
                .put("connections", use.connections())
                .put("sent_bytes", use.sent())
                .put("received_bytes", use.received())
                .put("refused", use.refused())
                .put("reason", SafeText.line(use.reason()));
    }

    private static ObjectNode step(StepView view) {
        var end = view.end();
        return object().put("number", view.number())
                .put("title", SafeText.line(view.title()))
                .set("standing", standing(view.mark(), view.ending()))
                .put("start_seconds", seconds(view.start()))
                .put("took_seconds", end.map(e -> seconds(e.took())).orElse(0.0))
                .put("cpu_seconds", end.map(e -> seconds(e.cpu())).orElse(0.0))
                .put("peak_memory_bytes", end.map(StepView.End::peakMemory).orElse(0L));
    }

    private static ObjectNode status(OutboxRow row) {
        return object().put("context", SafeText.line(row.context()))
                .put("state", row.word())
                .put("description", SafeText.line(row.description()))
                .put("delivery", SafeText.line(row.delivery()))
                .put("given_up", row.isGivenUp());
    }
}
