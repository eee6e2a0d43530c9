package airlock.house;

import airlock.house.ForgeApi.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// How change requests are listed; the forges differ in the names of few parameters.
final class ChangeAnswers {
    private ChangeAnswers() {}

    /// A page of them with the `Link` header of RFC 8288.
    ///
    /// @param all oldest first
    /// @param describe the repository's description, by itself
    static Reply page(
            HostedRepository repository,
            List<HostedChange> all,
            Map<String, String> query,
            String size,
            String url,
            Function<HostedRepository, Map<String, Object>> describe) {
        int limit = Math.min(50, Integer.parseInt(query.getOrDefault(size, "30")));
        int page = Integer.parseInt(query.getOrDefault("page", "1"));
        var entries = new ArrayList<Map<String, Object>>();
        all.stream()
                .filter(change -> change.open() || query.getOrDefault("state", "").equals("all"))
                .skip((page - 1L) * limit)
                .limit(limit)
                .forEach(change -> entries.add(describe(repository, change, describe)));
        long open = all.stream().filter(HostedChange::open).count();
        var headers = new LinkedHashMap<String, String>();
        headers.put("X-Total-Count", "" + open);
        if (open > (long) page * limit) {
            headers.put(
                    "Link",
                    "<%s?page=%d&%s=%d>; rel=\"next\",<%s?page=%d&%s=%d>; rel=\"last\""
                            .formatted(
                                    url,
                                    page + 1,
                                    size,
                                    limit,
                                    url,
                                    (open + limit - 1) / limit,
                                    size,
                                    limit));
        }
        return new Reply(200, headers, entries);
    }

    static Map<String, Object> describe(
            HostedRepository repository,
            HostedChange change,
            Function<HostedRepository, Map<String, Object>> describe) {
        var own = describe.apply(repository);
        var head = new LinkedHashMap<String, Object>();
        head.put("ref", change.headRef());
        head.put("sha", change.head());
        if (change.headRepository() == 0) {
            head.put("repo", null);
        } else if (change.headRepository() < 0) {
            head.put("repo", own);
        } else {
            head.put("repo", Map.of("id", change.headRepository(), "fork", true));
        }
        var description = new LinkedHashMap<String, Object>();
        description.put("id", 1000 + change.number());
        description.put("number", change.number());
        description.put("state", change.open() ? "open" : "closed");
        description.put("title", change.title());
        description.put("body", "");
        description.put("draft", change.draft());
        description.put("user", Map.of("id", 3, "login", "bob"));
        description.put("head", head);
        description.put("base", Map.of("ref", change.target(), "sha", "", "repo", own));
        return description;
    }
}
