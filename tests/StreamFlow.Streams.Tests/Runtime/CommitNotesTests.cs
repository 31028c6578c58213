using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Tests.Runtime;

public sealed class CommitNotesTests
{
    [Fact]
    public void Notes_and_partition_time_survive_the_metadata_of_an_offset()
    {
        var written = CommitMetadata.Write(17, new Dictionary<string, long> { ["a"] = 1, ["b.closed"] = long.MinValue });

        var notes = new Dictionary<string, long> { ["a"] = 5 };
        CommitMetadata.ReadNotes(written, notes);

        Assert.Equal(17, CommitMetadata.ReadPartitionTime(written));
        Assert.Equal(5, notes["a"]);
        Assert.Equal(long.MinValue, notes["b.closed"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AgAAAAAAAAAFAAAAAX////8=")]
    public void Metadata_that_is_not_ours_holds_no_notes(string metadata)
    {
        var notes = new Dictionary<string, long>();

        CommitMetadata.ReadNotes(metadata, notes);

        Assert.Empty(notes);
    }
}
