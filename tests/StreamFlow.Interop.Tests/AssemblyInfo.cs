// Every test starts other people's programs; side by side they would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
