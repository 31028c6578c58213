namespace StreamFlow.Cli.Commands;

/// <summary>What <c>configs</c> shows and changes.</summary>
internal enum ConfigTarget
{
    /// <summary>A topic.</summary>
    Topic,

    /// <summary>A broker.</summary>
    Broker,

    /// <summary>A group.</summary>
    Group,

    /// <summary>A user: SCRAM passwords and quotas.</summary>
    User,

    /// <summary>A client id: quotas.</summary>
    Client,

    /// <summary>An address: quotas.</summary>
    Ip,
}
