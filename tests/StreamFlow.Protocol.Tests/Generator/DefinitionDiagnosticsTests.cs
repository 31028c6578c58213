namespace StreamFlow.Protocol.Tests.Generator;

/// <summary>A bad definition is reported at its line, with what to write instead.</summary>
public sealed class DefinitionDiagnosticsTests
{
    [Theory]
    [InlineData("", "1: the file defines nothing")]
    [InlineData("message X", "1: 'message X' does not fit here")]
    [InlineData("api x key 1", "1: write 'api NAME key N'")]
    [InlineData("api X key -1 versions 0 flexible none", "1: write 'api NAME key N'")]
    [InlineData("api X key 1 versions 0 flexible none\nrequest", "1: api X needs one 'request' and one 'response'")]
    [InlineData("api X key 1 versions 0 flexible none offered 0-2\nrequest\nresponse", "2: XRequest: version 2 is offered but")]
    [InlineData("record X key 1\nkey versions 0 flexible none", "1: record X needs one 'key' and one 'value'")]
    [InlineData("record X key 1\nkey versions 0-1 flexible none\nvalue versions 0 flexible none", "2: XKey: a key has version 0 alone")]
    [InlineData("data X versions 0 flexible none\n   A int8", "2: indent with two blanks a level")]
    [InlineData("data X versions 0 flexible none\n\tA int8", "2: indent with two blanks a level")]
    [InlineData("data X versions 0 flexible none\n  A int8\n    B int8", "3: indented under a line that has no fields")]
    [InlineData("data X versions 0+ flexible none\n  A int8", "1: X needs 'versions N-M' with both ends")]
    [InlineData("data X versions 2-1 flexible none\n  A int8", "1: 'versions' wants versions")]
    [InlineData("data X versions 0-3 flexible 1-2\n  A int8", "1: X: 'flexible' is 'N+' or 'none'")]
    [InlineData("data X versions 0 flexible none\n  A number", "2: 'number' is not a type")]
    [InlineData("data X versions 0 flexible none\n  a int8", "2: 'a' is not a field name")]
    [InlineData("data X versions 0 flexible none\n  A", "2: field 'A' has no type")]
    [InlineData("data X versions 0 flexible none\n  A int8 maybe", "2: 'maybe' is not understood after field 'A'")]
    [InlineData("data X versions 0 flexible none\n  A int8 = 200", "2: '200' is not a value of field 'A'")]
    [InlineData("data X versions 0 flexible none\n  A int8?", "2: field 'A': a number, bool or uuid cannot be null")]
    [InlineData("data X versions 0 flexible none\n  A string = null", "2: field 'A' cannot be null")]
    [InlineData("data X versions 0 flexible none\n  A Other", "2: field 'A': struct 'Other' is not defined in X")]
    [InlineData("data X versions 0 flexible none\n  A B?\n    C int8", "2: field 'A': a struct can be null in flexible versions only")]
    [InlineData("data X versions 0 flexible none\n  X int8", "2: field 'X' has the name of a class that surrounds it")]
    [InlineData("data X versions 0 flexible none\n  A int8\n  A int16", "3: field 'A' is defined twice in X")]
    [InlineData("data X versions 0 flexible none\n  A B[]\n    C B[]", "2: struct 'B' contains itself")]
    [InlineData("data X versions 0-1 flexible none\n  A int8 5+", "2: field 'A' (5+) exists in no version of X (0-1)")]
    [InlineData("data X versions 0-1 flexible none\n  A int8 0-1", "2: field 'A' lives until the last version: write 0+")]
    [InlineData("data X versions 0-1 flexible 1+\n  A int8 tag 0", "2: field 'A' is tagged in versions that are not flexible (1+ are)")]
    [InlineData("data X versions 0 flexible 0+\n  A int8 tag 0\n  B int8 tag 0", "3: tag 0 belongs to 'A' (line 2)")]
    public void Mistake_is_reported_at_its_line(string definition, string expected)
    {
        var diagnostics = GeneratorRun.Diagnostics(definition);
        Assert.Contains(diagnostics, d => d.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_mistake_of_a_file_is_reported()
    {
        var diagnostics = GeneratorRun.Diagnostics("data X versions 0 flexible none\n  a int8\n  B number\n  C int8 = x\n");
        Assert.Equal(["2", "3"], diagnostics.Select(d => d.Split(':')[0]));
    }

    [Fact]
    public void Key_that_two_apis_claim_is_reported()
    {
        const string format = " key 5 versions 0 flexible none\nrequest\nresponse\n";
        var diagnostics = GeneratorRun.Diagnostics("api First" + format, "api Second" + format);
        Assert.Equal(["1: api key 5 of Second belongs to First already"], diagnostics);
    }
}
