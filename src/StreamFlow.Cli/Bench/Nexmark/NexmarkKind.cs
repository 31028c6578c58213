namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>What an event of the auction world is; the numbers choose the stream of random draws and may not change.</summary>
internal enum NexmarkKind
{
    Person = 0,
    Auction = 1,
    Bid = 2,
}
