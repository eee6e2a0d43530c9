package airlock.agent;

/// A host to which a key may log in.
///
/// @param name for people; a host is told by its key alone
/// @param key one of its keys; a host with several has as many entries
public record ListedHost(String name, HostKey key) {}
