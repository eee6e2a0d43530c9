package airlock.crash;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.house.PostedStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/// Checks a commit's final statuses and pages, whatever happened to the server meanwhile.
///
/// @param ending the expected one
record Aftermath(Site site, String commit, CrashPoint.Ending ending) {
    void check(StateFile state, URI server) throws Exception {
        oneFinalState("airlock");
        oneFinalState("airlock/main");
        assertThat(told("airlock/main").getLast().description()).contains(ending.words());
        pages(state, server);
    }

    private List<PostedStatus> told(String context) {
        return site.forge().statuses().stream()
                .filter(s -> s.commit().equals(commit) && s.context().equals(context))
                .toList();
    }

    /// The expected state, and no other after it.
    private void oneFinalState(String context) {
        var states = told(context).stream().map(PostedStatus::state).toList();
        assertThat(states.stream().dropWhile("pending"::equals).distinct())
                .as("final states of %s among %s", context, states)
                .containsExactly(ending.state());
    }

    /// One request, one run, and both can be read.
    private void pages(StateFile state, URI server) throws Exception {
        var requests = state.texts("SELECT id FROM request WHERE commit_id = ?", commit);
        var runs = state.texts("SELECT id FROM run WHERE commit_id = ?", commit);
        assertThat(requests).hasSize(1);
        assertThat(runs).hasSize(1);
        assertThat(page(server, "/requests/" + requests.getFirst())).contains(runs.getFirst());
        assertThat(page(server, "/runs/" + runs.getFirst())).contains(commit.substring(0, 10));
        assertThat(page(server, "/runs/" + runs.getFirst() + "/log.txt")).isNotEmpty();
    }

    private static String page(URI server, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var answer =
                    client.send(
                            HttpRequest.newBuilder(server.resolve(path)).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            return answer.body();
        }
    }
}
