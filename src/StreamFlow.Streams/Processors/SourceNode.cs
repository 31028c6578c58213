using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Processors;

/// <summary>Where records enter a task. Bytes become a typed record when they reach the head of their queue.</summary>
internal sealed class SourceNode<TKey, TValue>(Serde<TKey> keySerde, Serde<TValue> valueSerde, TimestampExtractor<TKey, TValue> extractor)
    : ProcessorNode<TKey, TValue, TKey, TValue>, ISourceNode
{
    public override void Process(in Record<TKey, TValue> record) => Forward(in record);

    public RecordQueue CreateQueue(string topic, int partition) => new Queue(this, topic, partition);

    private sealed class Queue(SourceNode<TKey, TValue> node, string topic, int partition) : RecordQueue(topic, partition)
    {
        private Record<TKey, TValue> _head;

        protected override bool TryTakeHead(in RecordView view)
        {
            var context = node.Context;
            var headers = view.ReadHeaders();
            context.MoveTo(this, Topic, Partition, view.Offset, headers);
            Record<TKey, TValue> record;
            long timestamp;
            try
            {
                record = Read(in view, headers);
                timestamp = node.Extract(in record, PartitionTime, context);
            }
            catch (Exception e) when (e is not RecordFailedException)
            {
                Reject(view.Timestamp, e);
                return false;
            }

            if (timestamp < 0)
            {
                context.Drop(DropReason.InvalidTimestamp);
                return false;
            }

            _head = timestamp == record.Timestamp ? record : record.WithTimestamp(timestamp);
            HeadTimestamp = timestamp;
            HeadOffset = view.Offset;
            HasHead = true;
            return true;
        }

        protected override void Process()
        {
            node.Context.MoveTo(this, Topic, Partition, HeadOffset, _head.Headers);
            try
            {
                node.Process(in _head);
            }
            catch (Exception e) when (node.Context.Failure is { } failure && e is not RecordFailedException)
            {
                throw new RecordFailedException(failure, e is ProductionFailure { InnerException: { } cause } ? cause : e);
            }
        }

        private Record<TKey, TValue> Read(in RecordView view, Headers headers)
        {
            var key = view.HasKey ? node.KeySerde.Deserialize(view.Key, new SerdeContext(Topic, SerdeTarget.Key, headers)) : default;
            var value = view.HasValue
                ? node.ValueSerde.Deserialize(view.Value, new SerdeContext(Topic, SerdeTarget.Value, headers))
                : default;
            return new Record<TKey, TValue>(view.HasKey, key, view.HasValue, value, view.Timestamp, headers);
        }

        private void Reject(long timestamp, Exception e)
        {
            var context = node.Context;
            var error = context.Describe(RecordStage.Deserialization, node.Name, timestamp);
            var response = context.Options.Errors.OnDeserializationError(error, e);
            DeadLetters.Send(context, error, e);
            if (response == ErrorResponse.Fail)
            {
                throw new RecordFailedException(error, e);
            }

            context.Drop(DropReason.Deserialization);
        }
    }

    private Serde<TKey> KeySerde { get; } = keySerde;

    private Serde<TValue> ValueSerde { get; } = valueSerde;

    private long Extract(in Record<TKey, TValue> record, long partitionTime, TaskContext context) =>
        extractor(in record, new TimestampContext(context, partitionTime));
}
