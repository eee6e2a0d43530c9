package airlock.vm;

/// A guest step with how it takes part in the list.
///
/// @param title what people read, at most 200 characters
/// @param what the thing to do
/// @param always whether it runs also after a step before it failed (packing, say)
public record Step(String title, GuestStep what, boolean always) {}
