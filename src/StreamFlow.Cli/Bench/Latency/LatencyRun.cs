using System.Buffers.Binary;
using System.Text.Json.Nodes;
using StreamFlow.Cli.Bench.Client;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Records;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Bench.Latency;

/// <summary>
/// An open loop: every record has a time at which it is planned to be sent, whatever became of those before it, and its latency counts
/// from there to its receipt. Both are read from one clock in this process.
/// </summary>
/// <param name="cluster">Where to send and read.</param>
/// <param name="topic">A topic of its own.</param>
/// <param name="plan">What is offered.</param>
internal sealed class LatencyRun(ICluster cluster, string topic, LatencyPlan plan)
{
    // Sent later than this after its time, a record measures the generator; a generator that does so too often makes the run invalid.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(10);

    private const double MostSentLate = 0.001;

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly LatencyHistogram _latencies = new();
    private long _start;
    private long _sentLate;

    // The share of records that were sent more than 10 ms after their time.
    private double ShareSentLate => (double)_sentLate / plan.Records;

    /// <summary>What the run measured.</summary>
    public JsonObject ToJson() => new()
    {
        ["bench"] = "latency",
        ["rate"] = plan.Rate,
        ["records"] = plan.Records,
        ["size"] = plan.Size,
        ["acks"] = plan.Acks.ToString(),
        ["p50"] = _latencies.Quantile(0.5),
        ["p99"] = _latencies.Quantile(0.99),
        ["p999"] = _latencies.Quantile(0.999),
        ["max"] = _latencies.Max,
        ["unit"] = "microseconds",
        ["sentLateShare"] = Math.Round(ShareSentLate, 6),
        ["isValid"] = ShareSentLate <= MostSentLate,
    };

    public async Task RunAsync(CancellationToken cancellation)
    {
        await cluster.Admin.CreateTopicsAsync([new NewTopic(topic, 1)], cancellationToken: cancellation);
        try
        {
            await using var producer = cluster.CreateProducer(
                new ProducerOptions { Acks = plan.Acks, EnableIdempotence = plan.Acks == Acks.All });
            await producer.PartitionsForAsync(topic, cancellation);
            await using var consumer = cluster.CreateConsumer(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
            await ClientLoad.AssignAllAsync(consumer, topic, cancellation);
            _start = _clock.GetTimestamp() + _clock.TimestampFrequency;
            var receiving = Task.Run(() => ReceiveAsync(consumer, cancellation), cancellation);
            var sending = Task.Factory.StartNew(() => Send(producer), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await sending;
            await producer.FlushAsync(cancellation);
            await receiving;
        }
        finally
        {
            await cluster.Admin.DeleteTopicsAsync([topic], CancellationToken.None);
        }
    }

    private void Send(IProducer producer)
    {
        var value = new byte[plan.Size];
        var nowMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < plan.Warmup + plan.Records; i++)
        {
            var planned = _start + (long)(i * (double)_clock.TimestampFrequency / plan.Rate);
            WaitUntil(planned);
            BinaryPrimitives.WriteInt64LittleEndian(value, planned);
            if (!producer.TryAppend(topic, 0, nowMs, false, default, true, value, Headers.Empty))
            {
                throw new StreamFlowException($"the buffer is full: {plan.Rate} records/s are more than go through");
            }

            if (i >= plan.Warmup && _clock.GetElapsedTime(planned) > Late)
            {
                _sentLate++;
            }
        }
    }

    private void WaitUntil(long planned)
    {
        while (_clock.GetTimestamp() is var now && now < planned)
        {
#pragma warning disable RS0030 // the sender has a thread to itself, and a timer would wake it later than it was planned
            Thread.Sleep(_clock.GetElapsedTime(now, planned).TotalMilliseconds > 1 ? 1 : 0);
#pragma warning restore RS0030
        }
    }

    private async Task ReceiveAsync(IConsumer consumer, CancellationToken cancellation)
    {
        for (var read = 0; read < plan.Warmup + plan.Records;)
        {
            using var batch = await consumer.PollAsync(TimeSpan.FromSeconds(1), cancellation);
            while (batch is not null && batch.TryRead(out var record))
            {
                if (read++ >= plan.Warmup)
                {
                    _latencies.Add((long)_clock.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(record.Value)).TotalMicroseconds);
                }
            }
        }
    }
}
