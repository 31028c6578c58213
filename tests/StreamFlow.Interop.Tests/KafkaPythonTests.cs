using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>kafka-python 2.0 speaks old versions of the protocol only.</summary>
[Trait("Category", "Interop")]
public sealed class KafkaPythonTests
{
    private const string ProduceConsumeAdminister = """
        import sys
        from kafka import KafkaProducer, KafkaConsumer, KafkaAdminClient
        from kafka.admin import NewTopic
        b = sys.argv[1]
        a = KafkaAdminClient(bootstrap_servers=b)
        a.create_topics([NewTopic('t', 3, 1)])
        p = KafkaProducer(bootstrap_servers=b, compression_type='gzip')
        for i in range(300): p.send('t', key=b'%d' % i, value=b'v%d' % i)
        p.flush()
        c = KafkaConsumer('t', bootstrap_servers=b, group_id='g', auto_offset_reset='earliest', consumer_timeout_ms=5000)
        print(sum(1 for _ in c))
        c.commit()
        print(sum(c.committed(q) for q in c.assignment()))
        c.close()
        print(a.list_consumer_groups(), a.describe_consumer_groups(['g'])[0].state)
        a.delete_topics(['t'])
        print([t for t in a.list_topics() if not t.startswith('__')])
        """;

    [FactIfPython("kafka")]
    public async Task Old_client_produces_consumes_in_a_group_and_administers()
    {
        await using var broker = await InteropBroker.StartAsync(1);

        var run = await ChildProcess.RunAsync("/usr/bin/python3", ["-c", ProduceConsumeAdminister, broker.Address]);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal("300\n300\n[('g', 'consumer')] Empty\n[]", run.Output);
    }
}
