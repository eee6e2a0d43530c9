package airlock.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// As Gitea 1.25.5 answers, by its recordings (`LoopbackForgeTest` compares).
final class GiteaApi implements ForgeApi {
    private final String base;

    GiteaApi(String base) {
        this.base = base;
    }

    private Reply error(int status, String message) {
        return Reply.of(status, Map.of("message", message, "url", base + "/api/swagger"));
    }

    @Override
    public Reply refused(Refusal why) {
        return switch (why) {
            case NO_TOKEN -> error(401, "token is required");
            case WRONG_TOKEN -> error(401, "invalid username, password or token");
            case NOT_ALLOWED -> error(403, "user should have a permission to write to a repo");
            case NOT_FOUND -> error(404, "not found");
            case NO_JSON -> error(422, "[]: invalid character looking for beginning of value");
        };
    }

    @Override
    public Reply moved(HostedRepository now, String rest) {
        String location = "/api/v1/repos/" + now.name() + rest;
        return new Reply(301, Map.of("Location", location), Map.of());
    }

    @Override
    public Reply repository(HostedRepository repository) {
        return Reply.of(200, describe(repository));
    }

    Map<String, Object> describe(HostedRepository repository) {
        var description = new LinkedHashMap<String, Object>();
        description.put("id", repository.id());
        description.put("owner", user(repository.owner()));
        description.put("name", repository.shortName());
        description.put("full_name", repository.name());
        description.put("private", repository.hidden());
        description.put("fork", false);
        description.put("archived", false);
        description.put("html_url", base + "/" + repository.name());
        description.put("url", base + "/api/v1/repos/" + repository.name());
        description.put("ssh_url", "git@localhost:" + repository.name() + ".git");
        description.put("clone_url", base + "/" + repository.name() + ".git");
        description.put("default_branch", "main");
        return description;
    }

    static Map<String, Object> user(String login) {
        return Map.of(
                "id",
                1,
                "login",
                login,
                "username",
                login,
                "full_name",
                "",
                "email",
                login + "@noreply.localhost");
    }

    @Override
    public Reply commit(HostedRepository repository, String commit) {
        return repository.knows(commit)
                ? Reply.of(
                        200,
                        Map.of(
                                "sha",
                                repository.commitOf(commit),
                                "url",
                                base
                                        + "/api/v1/repos/"
                                        + repository.name()
                                        + "/git/commits/"
                                        + commit))
                : error(404, "commit doesn't exist: " + commit);
    }

    @Override
    public List<Reply> objections(
            HostedRepository repository,
            String commit,
            String contentType,
            Map<String, Object> body) {
        if (contentType.isEmpty()) {
            return List.of(error(422, "[]: Empty Content-Type"));
        }
        // Gitea takes any state and text of any length; a commit that it does not know is a fault
        return repository.knows(commit) ? List.of() : List.of(error(500, ""));
    }

    @Override
    public Reply created(HostedRepository repository, PostedStatus status) {
        return Reply.of(201, describe(repository, status));
    }

    private Map<String, Object> describe(HostedRepository repository, PostedStatus status) {
        var description = new LinkedHashMap<String, Object>();
        description.put("id", status.id());
        description.put("status", status.state());
        description.put("target_url", status.targetUrl());
        description.put("description", status.description());
        description.put(
                "url",
                base + "/api/v1/repos/" + repository.name() + "/statuses/" + status.commit());
        description.put("context", status.context());
        description.put("creator", user("ci-bot"));
        description.put("created_at", "2026-11-24T11:33:47Z");
        description.put("updated_at", "2026-11-24T11:33:47Z");
        return description;
    }

    @Override
    public Reply combined(HostedRepository repository, String commit, List<PostedStatus> latest) {
        if (!repository.knows(commit)) {
            return error(404, "not found");
        }
        var combined = new LinkedHashMap<String, Object>();
        combined.put("state", combine(latest));
        combined.put("sha", commit);
        combined.put("total_count", latest.size());
        combined.put("statuses", latest.stream().map(s -> describe(repository, s)).toList());
        combined.put("repository", describe(repository));
        combined.put("commit_url", "");
        combined.put(
                "url",
                base + "/api/v1/repos/" + repository.name() + "/commits/" + commit + "/status");
        return new Reply(200, Map.of("X-Total-Count", "" + latest.size()), combined);
    }

    private static String combine(List<PostedStatus> latest) {
        var states = latest.stream().map(PostedStatus::state).toList();
        if (states.isEmpty()) {
            return "";
        }
        if (states.contains("error") || states.contains("failure")) {
            return "failure";
        }
        return List.of("success", "warning", "skipped").containsAll(states) ? "success" : "pending";
    }

    @Override
    public Reply changes(
            HostedRepository repository, List<HostedChange> all, Map<String, String> query) {
        return ChangeAnswers.page(
                repository,
                all,
                query,
                "limit",
                base + "/api/v1/repos/" + repository.name() + "/pulls",
                this::describe);
    }

    @Override
    public Reply change(HostedRepository repository, HostedChange change) {
        return Reply.of(200, ChangeAnswers.describe(repository, change, this::describe));
    }

    @Override
    public Reply statuses(
            HostedRepository repository, List<PostedStatus> all, Map<String, String> query) {
        // `limit` counts only together with `page`; 50 at most
        int limit =
                query.containsKey("page")
                        ? Math.min(50, Integer.parseInt(query.getOrDefault("limit", "30")))
                        : 30;
        int skip = (Integer.parseInt(query.getOrDefault("page", "1")) - 1) * limit;
        var page = new ArrayList<Map<String, Object>>();
        all.stream().skip(skip).limit(limit).forEach(s -> page.add(describe(repository, s)));
        return new Reply(200, Map.of("X-Total-Count", "" + all.size()), page);
    }
}
