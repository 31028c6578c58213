using StreamFlow.Cli.Bench.Measuring;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>What a run had used when a number of its input records had arrived.</summary>
/// <param name="Meter">The process.</param>
/// <param name="Arrived">Input records that had arrived.</param>
/// <param name="UserBytes">Bytes that the user's code had allocated.</param>
internal sealed record RunMark(ProcessMeter Meter, long Arrived, long UserBytes);
