using StreamFlow.Streams;
using StreamFlow.Streams.Processing;
using StreamFlow.Streams.State;

namespace StreamFlow.Conformance.Streams;

/// <summary>Fills a global store: puts every record with a key.</summary>
internal sealed class PutAll(string storeName) : Processor<object, object, object, object>
{
    private IKeyValueStore<object, object> _store = null!;

    protected override void Initialize() => _store = Context.GetStore<IKeyValueStore<object, object>>(storeName);

    public override void Process(in Record<object, object> record)
    {
        if (record.HasKey)
        {
            _store.Put(record.Key!, record.Value);
        }
    }
}
