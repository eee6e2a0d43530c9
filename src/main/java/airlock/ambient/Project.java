package airlock.ambient;

import airlock.plan.Plan;
import java.nio.file.Path;

/// A project of a projects file.
///
/// @param name any text
/// @param source the directory to test, absolute, without symbolic links
/// @param image Ambient's disk, absolute; it may be missing
/// @param planText the plan as a file of its own
public record Project(String name, Path source, Path image, Plan plan, byte[] planText) {}
