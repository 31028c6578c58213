using StreamFlow.Streams.State.Joins;

namespace StreamFlow.Streams.Processors.Joins;

/// <summary>
/// One input of a stream-stream join: hands a record to its join first and stores it after that, so that a stream joined with
/// itself meets each record once. Records without key or value are not stored.
/// </summary>
internal sealed class WindowedSideNode<TKey, TValue>(string storeName) : ProcessorNode<TKey, TValue, TKey, TValue>
{
    private JoinWindow<TKey, TValue> _window = null!;

    protected override void OnInitialize() => _window = Context.GetStore<JoinWindow<TKey, TValue>>(storeName);

    public override void Process(in Record<TKey, TValue> record)
    {
        Forward(in record);
        if (!record.HasKey)
        {
            return;
        }

        if (record.HasValue)
        {
            _window.Put(record.Key!, record.Value!, record.Timestamp, record.Headers);
        }
        else
        {
            _window.Skip();
        }
    }
}
