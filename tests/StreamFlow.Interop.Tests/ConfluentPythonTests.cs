using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

[Trait("Category", "Interop")]
public sealed class ConfluentPythonTests
{
    private const string MoveInTransactions = """
        import sys
        from confluent_kafka import Producer, Consumer, TopicPartition
        b = sys.argv[1]
        p = Producer({'bootstrap.servers': b, 'enable.idempotence': True})
        for i in range(500): p.produce('in', key=str(i), value=str(i))
        p.flush()
        t = Producer({'bootstrap.servers': b, 'transactional.id': 'mover'})
        t.init_transactions()
        c = Consumer({'bootstrap.servers': b, 'group.id': 'g', 'auto.offset.reset': 'earliest', 'enable.auto.commit': False})
        c.subscribe(['in'])
        moved, rounds = 0, 0
        while moved < 500:
            records = c.consume(60, timeout=10)
            assert records, 'nothing came'
            t.begin_transaction()
            for r in records: t.produce('out', key=r.key(), value=r.value())
            ends = {}
            for r in records: ends[r.partition()] = r.offset() + 1
            t.send_offsets_to_transaction([TopicPartition('in', q, o) for q, o in ends.items()], c.consumer_group_metadata())
            rounds += 1
            if rounds % 3 == 0:
                t.flush()
                t.abort_transaction()
                for q in c.committed(c.assignment()):
                    if q.offset < 0: q.offset = 0
                    c.seek(q)
            else:
                t.commit_transaction()
                moved += len(records)
        c.close()
        def read(level):
            r = Consumer({'bootstrap.servers': b, 'group.id': level, 'auto.offset.reset': 'earliest', 'isolation.level': level})
            r.subscribe(['out'])
            values = []
            while True:
                records = r.consume(500, timeout=3)
                if not records: break
                values += [x.value() for x in records if not x.error()]
            r.close()
            return values
        committed, everything = read('read_committed'), read('read_uncommitted')
        print(len(committed), len(set(committed)), len(everything) > len(committed))
        """;

    [FactIfPython("confluent_kafka")]
    public async Task Records_move_between_topics_exactly_once_and_aborted_ones_stay_hidden()
    {
        await using var broker = await InteropBroker.StartAsync(2, "in", "out");

        var run = await ChildProcess.RunAsync("/usr/bin/python3", ["-c", MoveInTransactions, broker.Address]);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal("500 500 True", run.Output);
    }

    private const string Exchange = """
        import sys
        from confluent_kafka import Producer, Consumer
        b, codec, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
        p = Producer({'bootstrap.servers': b, 'enable.idempotence': True, 'compression.type': codec})
        for i in range(300): p.produce('t', value='python-%d' % i)
        p.flush()
        c = Consumer({'bootstrap.servers': b, 'group.id': 'g', 'auto.offset.reset': 'earliest'})
        c.subscribe(['t'])
        seen = 0
        while seen < count:
            r = c.poll(30)
            if r is None: break
            if r.error(): continue
            print(r.value().decode())
            seen += 1
        c.close()
        """;

    [TheoryIfPython("confluent_kafka")]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Confluent_python_and_our_client_read_each_other(string codec)
    {
        await using var broker = await InteropBroker.StartAsync(1, "t");
        var (ours, theirs) = (OurClient.Lines("ours"), OurClient.Lines("python"));
        await OurClient.WriteAsync(broker.Address, "t", codec, ours);

        var run = await ChildProcess.RunAsync("/usr/bin/python3", ["-c", Exchange, broker.Address, codec, "600"]);

        Assert.Equal(ours.Concat(theirs).Order(StringComparer.Ordinal), OurClient.Sorted(run));
        Assert.Equal(OurClient.Sorted(run), await OurClient.ReadAsync(broker.Address, "t", 600));
    }
}
