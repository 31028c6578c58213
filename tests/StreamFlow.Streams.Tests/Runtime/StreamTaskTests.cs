using StreamFlow.Core.Topics;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Tests.Runtime;

public sealed class StreamTaskTests
{
    [Fact]
    public void Processing_pauses_when_one_of_several_inputs_runs_empty()
    {
        var taken = new List<string>();
        var builder = new StreamsBuilder();
        builder.Stream<string, string>("left").Merge(builder.Stream<string, string>("right")).ForEach((key, _) => taken.Add(key));
        using var task = new StreamTask(
            new TaskId(0, 0), builder.Build().Subtopologies, new TaskOptions { ApplicationId = "app" }, new MemoryStateBackend(),
            NoOutput.Instance, TimeProvider.System);
        task.AddPartition(new TopicPartition("left", 0));
        task.AddPartition(new TopicPartition("right", 0));
        TestBatches.Add(task, "left", 1, "l1");
        TestBatches.Add(task, "right", 2, "r2");
        TestBatches.Add(task, "right", 4, "r4");

        var first = task.Process(10);
        TestBatches.Add(task, "left", 3, "l3");
        while (task.Process(10) > 0)
        {
        }

        Assert.Equal(1, first);
        Assert.Equal(["l1", "r2", "l3", "r4"], taken);
    }
}
