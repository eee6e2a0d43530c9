package airlock.plan;

/// What a plan says of the archives that outlive its machines.
///
/// @param reuse whether pre_plan is not run where what it depends on is as it was
/// @param cache what becomes of `/ci/cache`
/// @param artifacts what becomes of `/ci/artifacts`
public record Keeping(boolean reuse, CacheRule cache, ArtifactRule artifacts) {
    /// Of a plan that says nothing.
    public static final Keeping STANDARD =
            new Keeping(false, CacheRule.STANDARD, ArtifactRule.STANDARD);
}
