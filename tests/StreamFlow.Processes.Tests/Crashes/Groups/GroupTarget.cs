namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>A group, what it reads, and the broker.</summary>
/// <param name="Address">Where the broker is, whenever it lives: <c>host:port</c>.</param>
/// <param name="Group">The group's id.</param>
/// <param name="Topic">The topic's name.</param>
/// <param name="TopicId">The topic's id.</param>
/// <param name="Lives">How often the broker was killed; counted before it starts again.</param>
internal sealed record GroupTarget(string Address, string Group, string Topic, Guid TopicId, Func<int> Lives);
