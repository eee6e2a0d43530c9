package airlock.queue;

/// A run that a request becomes once its source has been read.
///
/// @param plan the plan's name
/// @param cell the matrix cell as people read it, empty where there is none
/// @param planFile the plan file's path in the repository
/// @param planText the plan file's bytes
/// @param source the path of the source tar
public record NewRun(String plan, String cell, String planFile, byte[] planText, String source) {}
