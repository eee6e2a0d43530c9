package airlock.ambient;

import airlock.plan.Plan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/// A project of a projects file.
///
/// @param name any text
/// @param source the directory to test, absolute, without symbolic links
/// @param image Ambient's disk, absolute; it may be missing
/// @param planText the plan as a file of its own
public record Project(String name, Path source, Path image, Plan plan, byte[] planText) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Project(var n, var s, var i, _, var text)
                && name.equals(n)
                && source.equals(s)
                && image.equals(i)
                && Arrays.equals(planText, text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, source, image, Arrays.hashCode(planText));
    }
}
