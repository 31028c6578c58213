using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using StreamFlow.Testing.Snapshots;

namespace StreamFlow.Protocol.Tests.Generator;

/// <summary>The generated C# of four telling definitions, and that a change touches only what depends on it.</summary>
public sealed class MessageGeneratorTests
{
    [Fact]
    public void Flexible_versions_switch_the_lengths() => Verify(
        """
        // Says hello.
        api Hello key 900 versions 0-2 flexible 2+

        request  // asks
          Name   string         // who asks
          Greetings string[]? 1+
          Old    int32  0  = 7

        response
          ErrorCode error
        """,
        "HelloRequest");

    [Fact]
    public void Tagged_fields_are_left_out_when_they_have_their_default() => Verify(
        """
        data Tagged versions 0-1 flexible 1+
          Id      int64
          Rack    string?    1+ tag 0 = null
          Place   Location   1+ tag 1
            Row   int32 = -1
          Seats   int32[]    1+ tag 2
        """,
        "Tagged");

    [Fact]
    public void Nullable_values_are_checked_by_version() => Verify(
        """
        data Nullable versions 0-3 flexible 0+
          Text     string?2+
          Bytes    bytes?
          Records  records?
          Where    Cursor? = null
            At     uuid
        """,
        "Nullable");

    [Fact]
    public void Nested_structs_become_nested_classes() => Verify(
        """
        data Nested versions 0-1 flexible none
          Topics        Topic[]
            Name        string
            Partitions  Partition[]?1+
          Leader        Partition   1+ ignorable
          struct Partition          // shared by both
            Index       int32
            Ratio       float64  1+
        """,
        "Nested");

    [Fact]
    public void Change_of_one_definition_leaves_the_other_messages_alone()
    {
        const string first = "data First versions 0 flexible none\n  A int8\n";
        const string second = "data Second versions 0 flexible none\n  A int8\n";
        var driver = GeneratorRun.NewDriver(("First.message", first), ("Second.message", second)).Run();
        var old = new ChangedText("First.message", first);
        driver = driver.ReplaceAdditionalTexts([old, new ChangedText("Second.message", second + "  B int8\n")]).Run();
        var outputs = driver.GetRunResult().Results[0].TrackedOutputSteps
            .SelectMany(step => step.Value)
            .SelectMany(step => step.Outputs)
            .GroupBy(output => output.Reason)
            .ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(1, outputs[IncrementalStepRunReason.Cached]);
        Assert.True(outputs[IncrementalStepRunReason.Modified] >= 1);
    }

    private static void Verify(string definition, string message, [System.Runtime.CompilerServices.CallerMemberName] string method = "")
    {
        Assert.Empty(GeneratorRun.Diagnostics(definition));
        Snapshot.Verify(GeneratorRun.Source(definition, message), method: method);
    }

    private sealed class ChangedText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
