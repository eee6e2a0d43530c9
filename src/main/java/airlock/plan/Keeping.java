package airlock.plan;

/// What a plan says of the archives that outlive its machines.
///
/// @param reuse whether pre_plan is not run where what it depends on is as it was
public record Keeping(boolean reuse) {
    /// Of a plan that says nothing.
    public static final Keeping STANDARD = new Keeping(false);
}
