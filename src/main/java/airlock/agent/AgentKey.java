package airlock.agent;

/// A key of an agent.
///
/// @param setting where the configuration says what it may sign, such as
///     `repositories[].secrets.deploy`; refusals name it
public record AgentKey(Signer signer, String setting, AgentPolicy policy) {}
