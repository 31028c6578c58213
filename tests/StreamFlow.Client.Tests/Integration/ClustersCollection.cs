namespace StreamFlow.Client.Tests.Integration;

/// <summary>The tests that share the clusters.</summary>
[CollectionDefinition(Name)]
public sealed class ClustersCollection : ICollectionFixture<Clusters>
{
    public const string Name = "clusters";
}
