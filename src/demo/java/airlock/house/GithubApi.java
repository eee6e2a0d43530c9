package airlock.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// As GitHub's documentation says that it answers; no recording of it was to be had.
final class GithubApi implements ForgeApi {
    private static final int LONGEST_DESCRIPTION = 140;
    private static final List<String> STATES = List.of("error", "failure", "pending", "success");

    private final String base;

    /// @param base the API's own address, without a slash at its end
    GithubApi(String base) {
        this.base = base;
    }

    private static Reply error(int status, String message) {
        return Reply.of(status, Map.of("message", message, "status", "" + status));
    }

    @Override
    public Reply refused(Refusal why) {
        return switch (why) {
            case NO_TOKEN -> error(401, "Requires authentication");
            case WRONG_TOKEN -> error(401, "Bad credentials");
            // GitHub does not tell whether a repository is there
            case NOT_ALLOWED, NOT_FOUND -> error(404, "Not Found");
            case NO_JSON -> error(400, "Problems parsing JSON");
        };
    }

    @Override
    public Reply moved(HostedRepository now, String rest) {
        String location = base + "/repositories/" + now.id() + rest;
        return new Reply(
                301,
                Map.of("Location", location),
                Map.of("message", "Moved Permanently", "url", location));
    }

    @Override
    public Reply repository(HostedRepository repository) {
        return Reply.of(200, describe(repository));
    }

    Map<String, Object> describe(HostedRepository repository) {
        var description = new LinkedHashMap<String, Object>();
        description.put("id", repository.id());
        description.put("name", repository.shortName());
        description.put("full_name", repository.name());
        description.put("private", repository.hidden());
        description.put("owner", Map.of("login", repository.owner(), "id", 1));
        description.put("fork", false);
        description.put("url", base + "/repos/" + repository.name());
        description.put(
                "clone_url", base.replace("/api/v3", "") + "/" + repository.name() + ".git");
        description.put("ssh_url", "git@localhost:" + repository.name() + ".git");
        description.put("default_branch", "main");
        return description;
    }

    @Override
    public Reply commit(HostedRepository repository, String commit) {
        return repository.knows(commit)
                ? Reply.of(200, Map.of("sha", repository.commitOf(commit)))
                : error(404, "Not Found");
    }

    @Override
    public List<Reply> objections(
            HostedRepository repository,
            String commit,
            String contentType,
            Map<String, Object> body) {
        if (!repository.knows(commit)) {
            return List.of(error(422, "No commit found for SHA: " + commit));
        }
        if (!(body.get("state") instanceof String state) || !STATES.contains(state)) {
            return List.of(error(422, "Validation Failed"));
        }
        if (body.getOrDefault("description", "") instanceof String text
                && text.length() > LONGEST_DESCRIPTION) {
            return List.of(
                    error(
                            422,
                            "Validation Failed: description is too long (maximum is 140 characters)"));
        }
        return List.of();
    }

    @Override
    public Reply created(HostedRepository repository, PostedStatus status) {
        return Reply.of(201, describe(repository, status));
    }

    private Map<String, Object> describe(HostedRepository repository, PostedStatus status) {
        var description = new LinkedHashMap<String, Object>();
        description.put(
                "url", base + "/repos/" + repository.name() + "/statuses/" + status.commit());
        description.put("id", status.id());
        description.put("state", status.state());
        description.put("description", status.description());
        description.put("target_url", status.targetUrl());
        description.put("context", status.context().isEmpty() ? "default" : status.context());
        description.put("created_at", "2026-11-24T11:33:47Z");
        description.put("updated_at", "2026-11-24T11:33:47Z");
        return description;
    }

    @Override
    public Reply combined(HostedRepository repository, String commit, List<PostedStatus> latest) {
        var states = latest.stream().map(PostedStatus::state).toList();
        boolean red = states.contains("error") || states.contains("failure");
        boolean green = !states.isEmpty() && states.stream().allMatch("success"::equals);
        var combined = new LinkedHashMap<String, Object>();
        combined.put("state", red ? "failure" : green ? "success" : "pending");
        combined.put("statuses", latest.stream().map(s -> describe(repository, s)).toList());
        combined.put("sha", commit);
        combined.put("total_count", latest.size());
        return Reply.of(200, combined);
    }

    @Override
    public Reply changes(
            HostedRepository repository, List<HostedChange> all, Map<String, String> query) {
        return ChangeAnswers.page(
                repository,
                all,
                query,
                "per_page",
                base + "/repositories/" + repository.id() + "/pulls",
                this::describe);
    }

    @Override
    public Reply change(HostedRepository repository, HostedChange change) {
        return Reply.of(200, ChangeAnswers.describe(repository, change, this::describe));
    }

    @Override
    public Reply statuses(
            HostedRepository repository, List<PostedStatus> all, Map<String, String> query) {
        int size = Math.min(100, Integer.parseInt(query.getOrDefault("per_page", "30")));
        int skip = (Integer.parseInt(query.getOrDefault("page", "1")) - 1) * size;
        var page = new ArrayList<Map<String, Object>>();
        all.reversed().stream()
                .skip(skip)
                .limit(size)
                .forEach(s -> page.add(describe(repository, s)));
        return Reply.of(200, page);
    }
}
