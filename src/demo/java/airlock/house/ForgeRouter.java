package airlock.house;

import airlock.house.ForgeApi.Refusal;
import airlock.house.ForgeApi.Reply;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Decides what an API call means and whether its caller may: the part that all forges share.
record ForgeRouter(ForgeState state, ForgeApi api) {
    private static final Pattern BY_NAME = Pattern.compile("/repos/([^/]+/[^/]+)(/.*)?");
    private static final Pattern BY_ID = Pattern.compile("/repositories/(\\d+)(/.*)?");
    private static final JsonMapper JSON = new JsonMapper();

    /// @param path without the API's own beginning
    /// @param query undecoded, empty for none
    /// @param contentType empty for none
    record Call(
            boolean posting,
            String path,
            String query,
            Optional<String> token,
            String contentType,
            byte[] body) {}

    Reply answer(Call call) {
        if (call.token().isPresent() && !state.isToken(call.token().get())) {
            return api.refused(Refusal.WRONG_TOKEN);
        }
        if (call.posting() && call.token().isEmpty()) {
            return api.refused(Refusal.NO_TOKEN);
        }
        var byName = BY_NAME.matcher(call.path());
        var byId = BY_ID.matcher(call.path());
        if (byName.matches()) {
            String rest = Optional.ofNullable(byName.group(2)).orElse("");
            var found = state.find(byName.group(1)).filter(it -> state.maySee(it, call.token()));
            if (found.isPresent() && !ForgeState.isNameOf(found.get(), byName.group(1))) {
                return api.moved(found.get(), rest);
            }
            return found.map(it -> answer(call, it, rest)).orElseGet(this::notFound);
        }
        if (byId.matches()) {
            String rest = Optional.ofNullable(byId.group(2)).orElse("");
            return state.find(Long.parseLong(byId.group(1)))
                    .filter(it -> state.maySee(it, call.token()))
                    .map(it -> answer(call, it, rest))
                    .orElseGet(this::notFound);
        }
        return notFound();
    }

    private Reply notFound() {
        return api.refused(Refusal.NOT_FOUND);
    }

    private Reply answer(Call call, HostedRepository repository, String rest) {
        if (!call.posting()) {
            return get(repository, rest, query(call.query()));
        }
        if (!state.mayWrite(call.token())) {
            return api.refused(Refusal.NOT_ALLOWED);
        }
        return rest.matches("/statuses/[^/]+")
                ? post(call, repository, rest.substring("/statuses/".length()))
                : notFound();
    }

    private Reply get(HostedRepository repository, String rest, Map<String, String> query) {
        List<String> parts = Arrays.asList(rest.split("/", -1));
        if (rest.isEmpty()) {
            return api.repository(repository);
        }
        if (rest.matches("(/git)?/commits/[^/]+")) {
            return api.commit(repository, parts.getLast());
        }
        if (rest.matches("/commits/[^/]+/status")) {
            var latest = new LinkedHashMap<String, PostedStatus>();
            state.statuses(repository, parts.get(2)).forEach(s -> latest.put(s.context(), s));
            return api.combined(repository, parts.get(2), List.copyOf(latest.values()));
        }
        if (rest.matches("/commits/[^/]+/statuses|/statuses/[^/]+")) {
            return api.statuses(repository, state.statuses(repository, parts.get(2)), query);
        }
        if (rest.equals("/pulls")) {
            return api.changes(repository, state.changes(repository), query);
        }
        if (rest.matches("/pulls/[0-9]{1,9}")) {
            long number = Long.parseLong(parts.getLast());
            return state.changes(repository).stream()
                    .filter(change -> change.number() == number)
                    .map(change -> api.change(repository, change))
                    .findFirst()
                    .orElseGet(this::notFound);
        }
        return notFound();
    }

    @SuppressWarnings("unchecked") // a JSON object is a map of strings
    private Reply post(Call call, HostedRepository repository, String commit) {
        Map<String, Object> status;
        try {
            status = JSON.readValue(call.body(), Map.class);
        } catch (JacksonException e) {
            return api.refused(Refusal.NO_JSON);
        }
        var objections = api.objections(repository, commit, call.contentType(), status);
        return objections.isEmpty()
                ? api.created(repository, state.store(repository, commit, status))
                : objections.getFirst();
    }

    private static Map<String, String> query(String text) {
        var query = new LinkedHashMap<String, String>();
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                query.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return query;
    }
}
