namespace StreamFlow.Broker.Groups.Consumers.Assignors;

/// <summary>The assignors there are.</summary>
internal static class GroupAssignors
{
    private static readonly IGroupAssignor[] All = [new UniformAssignor(), new RangeAssignor()];

    public static IEnumerable<string> Names => All.Select(a => a.Name);

    /// <summary>The assignor of a name that is known to exist.</summary>
    public static IGroupAssignor Of(string name) => Array.Find(All, a => a.Name == name) ?? All[0];
}
