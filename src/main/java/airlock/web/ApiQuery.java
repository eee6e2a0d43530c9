package airlock.web;

import airlock.results.SubjectFilter;
import io.javalin.http.Context;
import java.util.regex.Pattern;

/// The query parameters of API requests. Invalid ones are refused with a message: a program that
/// got an empty list instead would not notice.
record ApiQuery(Context ctx) {
    private static final int LONGEST = 1200;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    static final class WrongParameter extends RuntimeException {
        WrongParameter(String message) {
            super(message);
        }
    }

    /// A text; empty if it is missing.
    String text(String name) {
        String value = ctx.queryParam(name);
        if (value != null && value.length() > LONGEST) {
            throw new WrongParameter(
                    "'%s' has %d characters; at most %d are allowed"
                            .formatted(name, value.length(), LONGEST));
        }
        return value == null ? "" : value;
    }

    /// A number from `least` to `most`; `otherwise` if it is missing.
    long number(String name, long least, long most, long otherwise) {
        String value = text(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        if (!NUMBER.matcher(value).matches()
                || Long.parseLong(value) < least
                || Long.parseLong(value) > most) {
            throw new WrongParameter(
                    "'%s' must be a whole number from %d to %d".formatted(name, least, most));
        }
        return Long.parseLong(value);
    }

    /// The id of a run or request; empty if it is missing.
    String id(String name) {
        String value = text(name);
        if (!value.isEmpty() && !Lookup.isId(value)) {
            throw new WrongParameter("'%s' must be an id: 20 of a-z and 2-7".formatted(name));
        }
        return value;
    }

    SubjectFilter subject() {
        return SubjectFilter.of(text("subject"))
                .orElseThrow(
                        () ->
                                new WrongParameter(
                                        "'subject' must be a branch (main), a full ref"
                                                + " (refs/tags/v1) or a change request (#7, in a URL"
                                                + " %237)"));
    }
}
