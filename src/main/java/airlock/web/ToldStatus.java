package airlock.web;

/// A commit status of a request, and whether the forge has it.
///
/// @param state the forge's word, such as `pending`
/// @param delivery what became of it, for people: `sent`, or why it is not
/// @param trouble whether it will never be there
public record ToldStatus(
        String context, String state, String description, String delivery, boolean trouble) {}
